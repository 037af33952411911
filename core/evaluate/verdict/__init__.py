"""Was the language model worth it: rival, ladder, doubts, and the sentence."""
