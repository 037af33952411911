"""Translation, by a language model and by classical word alignment."""
