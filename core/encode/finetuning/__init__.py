"""A pretrained encoder trained further on the target."""
