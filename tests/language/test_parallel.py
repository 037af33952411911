"""Data parallel training gives what one process gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.catalog.language import ARCHITECTURES
from core.language.parallel import SAME, check
from core.language.tokens import Tokens
from core.messages import UnusableData

TEXT = "The quick brown fox jumps over the lazy dog while seven wizards box. "
TINY = replace(ARCHITECTURES["transformer"], width=32, layers=1, heads=2, feed_forward=64, context=16, batch=4)


@pytest.mark.slow  # three processes that each import torch
def test_two_processes_train_the_same_weights_as_one():
    found = check(TINY, Tokens.train("bpe", [TEXT], 300), [TEXT * 4, TEXT[::-1] * 4], processes=2, steps=12)
    assert found.largest_difference <= SAME == 1e-5
    assert found.same
    assert found.one_seconds > 0
    assert found.speed_up == pytest.approx(found.one_seconds / found.many_seconds)


def test_a_batch_that_cannot_be_divided_is_told():
    with pytest.raises(UnusableData):
        check(TINY, Tokens.train("bpe", [TEXT], 300), [TEXT], processes=3)
