"""The resident worker: opened models that answer at once."""
