"""Where in a file the table lies: header, first and last row."""
