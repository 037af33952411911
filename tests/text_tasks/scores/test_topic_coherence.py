"""Coherence of a topic's words by hand."""

from __future__ import annotations

import math

import pytest

from core.text_tasks.scores.topic_coherence import npmi


def test_coherence_by_hand():
    texts = [{"a", "b"}, {"a", "b"}, {"a"}, {"c"}]
    # p(a) = 3/4, p(b) = 1/2, p(a, b) = 1/2
    assert npmi(["a", "b"], texts) == pytest.approx(math.log(0.5 / (0.75 * 0.5)) / -math.log(0.5))
    assert npmi(["a", "c"], texts) == -1
    assert math.isnan(npmi(["a"], texts))
