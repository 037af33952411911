"""One row explained, and what it would be if."""
