"""What language models write and score, as data."""
