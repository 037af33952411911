"""A language model is asked about each text: what it answers are numbers that a person can read."""
