"""What can be chosen for a text task, and what it answered, as data."""
