"""Tasks that put labels on texts, on parts of them, or on pairs of parts."""
