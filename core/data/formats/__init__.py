"""What a file is, and the readers of each kind but delimited text."""
