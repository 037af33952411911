"""Plain and tagged texts, and what a document is."""
