"""A fitted candidate as a folder that can be taken away and used again: written, checked, read."""
