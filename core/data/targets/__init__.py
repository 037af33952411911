"""The column to predict, and what can be made of it."""
