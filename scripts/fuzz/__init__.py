"""``make fuzz SECONDS=60``: inputs that nobody thought of, for whatever takes something from outside."""
