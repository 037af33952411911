"""Numbers, with their units, currencies and marks."""
