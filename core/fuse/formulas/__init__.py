"""New columns that a language model proposes as formulas of those that are there."""
