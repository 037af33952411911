"""Candidates: how columns, texts and classical models come together, and their comparison on the same folds."""
