"""What a candidate looks at over many rows."""
