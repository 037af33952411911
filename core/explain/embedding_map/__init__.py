"""Embeddings laid out in a plane."""
