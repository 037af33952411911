"""Judging a language model by text it did not write (held out) and by what it writes, all with intervals."""
