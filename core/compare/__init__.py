"""A comparison: every candidate on the same folds, its files on disk as they come."""
