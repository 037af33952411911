"""Which metric ranks and which class it speaks of."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.ranking import metric_for, positive_class


def shares(**counts: int) -> np.ndarray:
    return np.repeat(list(counts), list(counts.values()))


@pytest.mark.parametrize(
    ("task", "counts", "metric"),
    [
        ("binary", {"a": 90, "b": 10}, "accuracy"),
        ("binary", {"a": 91, "b": 9}, "average_precision"),
        ("multiclass", {"a": 45, "b": 45, "c": 10}, "accuracy"),
        ("multiclass", {"a": 45, "b": 46, "c": 9}, "balanced_accuracy"),
    ],
)
def test_accuracy_ranks_down_to_a_tenth(task, counts, metric):
    assert metric_for(task, shares(**counts))[0] == metric


@pytest.mark.parametrize(
    ("counts", "positive"),
    [
        ({"yes": 80, "no": 20}, "yes"),
        ({"yes": 81, "no": 19}, "no"),
        ({"yes": 5, "no": 95}, "yes"),
        ({"Spam": 70, "ham": 30}, "Spam"),
        ({"1": 50, "yes": 50}, "1"),  # both say yes, and are as rare: by name
        ({"b": 50, "a": 50}, "a"),
    ],
)
def test_the_class_that_says_yes_is_spoken_of_while_the_other_is_a_fifth(counts, positive):
    assert positive_class(shares(**counts), list(counts)) == positive
