"""The language model of the decoder shares out all of the probability."""

from __future__ import annotations

import pytest

from core.text_tasks.translation.stack_decoder import END, Bigrams


def test_bigrams_share_out_all_of_the_probability():
    language = Bigrams().fit([["a", "b"], ["a", "c", "a"]])
    for before in ("a", "b", "zzz"):
        total = sum(language.probability(before, word) for word in ("a", "b", "c", END, "never seen"))
        assert total == pytest.approx(1)
