"""What can be done to a column of texts, declared."""
