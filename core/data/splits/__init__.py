"""Folds: what is trained on and what is held back."""
