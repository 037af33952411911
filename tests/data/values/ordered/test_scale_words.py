"""The words of known scales: small letters, and none in two levels of one scale."""

from __future__ import annotations

import pytest

from core.data.values.ordered import scale_words

SCALES = [value for name, value in vars(scale_words).items() if name.isupper() and not name.startswith("_")]


def test_there_are_scales():
    assert SCALES


@pytest.mark.parametrize("scale", [one for group in SCALES for one in group], ids=lambda one: str(one)[:40])
def test_a_word_has_one_place(scale):
    words = [word for level in scale for word in ([level] if isinstance(level, str) else level)]
    assert len(words) == len(set(words))
    assert all(word == word.lower() == word.strip() for word in words)
