"""A network that learns to explain (FastSHAP)."""
