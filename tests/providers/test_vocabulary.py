"""Languages and marks of control, by a vocabulary."""

from __future__ import annotations

from tokenizers import AddedToken

from core.providers.vocabulary import WRITES_CHINESE, control_tokens, languages, plain

CHINESE = [chr(0x4E00 + place) for place in range(WRITES_CHINESE)]


def as_bytes(word):
    """As a byte-level vocabulary writes it: “海” is “æµ·”."""
    return word.encode().decode("latin-1").translate({number: number + 162 for number in range(127, 161)} | {173: 323})


def test_a_vocabulary_of_many_chinese_words_writes_chinese():
    assert languages(["the", *CHINESE]) == {"en", "zh"}
    assert languages(["the", *CHINESE[1:]]) == {"en"}


def test_words_written_by_their_bytes_are_read():
    assert as_bytes("海") == "æµ·"
    assert languages(map(as_bytes, CHINESE)) == {"en", "zh"}


def test_marks_of_control_are_words_the_longest_first():
    added = [AddedToken("<s>", special=True), AddedToken("<think>"), AddedToken("<s><s>", special=True)]
    assert control_tokens(added) == ("<s><s>", "<s>")
    assert plain("<s> and <think>", control_tokens(added)) == "< s> and <think>"
