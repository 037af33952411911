"""Tasks on texts: each done by a language model, by a classical method, or by both, and scored the same way."""
