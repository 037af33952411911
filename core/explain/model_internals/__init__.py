"""What a classical model shows of itself."""
