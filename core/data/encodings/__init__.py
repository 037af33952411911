"""Which letters the bytes of a file mean."""
