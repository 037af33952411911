"""How cells were read, in words and by example."""
