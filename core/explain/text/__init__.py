"""A text column's bar opened into sentences and words."""
