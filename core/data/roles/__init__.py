"""What each column is taken for, and why."""
