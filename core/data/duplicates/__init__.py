"""Equal and nearly equal rows."""
