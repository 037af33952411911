"""Bundled models that come in formats of their own."""
