"""Language models that write: the bundled one, and larger ones where this machine has them."""
