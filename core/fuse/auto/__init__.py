"""The automatic choice among candidates, or a mixture of them."""
