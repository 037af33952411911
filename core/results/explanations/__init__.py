"""Explanations as data: of a row, of many, and of how far they can be trusted."""
