"""What a language model writes to help a classical one: formulas of new columns, and texts in other words."""
