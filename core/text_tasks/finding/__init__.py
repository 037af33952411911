"""Tasks that find something in texts: keywords, topics."""
