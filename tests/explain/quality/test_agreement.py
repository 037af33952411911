"""How far two orders agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.explain.quality.agreement import correlation, overlap, same, values_of
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation


def test_a_correlation_is_spearmans():
    random = np.random.default_rng(0)
    one, other = random.normal(size=(2, 12))
    assert correlation(one, other) == pytest.approx(stats.spearmanr(one, other)[0])
    assert correlation(one, -one) == pytest.approx(-1)
    assert correlation(one, -one, sizes=True) == pytest.approx(1)
    assert np.isnan(correlation(one[:2], other[:2]))
    assert overlap(np.array([9.0, 8, 7, 1, 0]), np.array([9.0, 0, 7, 1, 8])) == pytest.approx(2 / 3)


def test_three_parts_have_an_order_and_four_a_top():
    one, other = np.array([1.0, 2, 3]), np.array([3.0, 2, 1])
    assert correlation(one, other) == pytest.approx(-1)
    assert np.isnan(correlation(np.full(4, 2.0), np.arange(4.0)))
    assert np.isnan(correlation(np.arange(4.0), np.full(4, 2.0)))
    assert np.isnan(correlation(np.array([1.0, -1, 1, -1]), np.arange(4.0), sizes=True))  # all of one size
    assert np.isnan(overlap(one, other))
    assert overlap(np.array([1.0, 2, 3, 4]), np.array([4.0, 3, 2, 1])) == pytest.approx(2 / 3)
    assert overlap(np.array([-9.0, 8, 7, 1]), np.array([1.0, 2, 3, 0])) == 1  # sizes count


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([0.5, 0.1], [0.5, 0.1 + 0.9e-6], True),
        ([0.5, 0.1], [0.5, 0.1 - 1.1e-6], False),
        ([0.1, -1000.0], [0.1009, -1000.0], True),  # beside the largest of the first
        ([0.1, -1000.0], [0.1011, -1000.0], False),
        ([], [], True),
    ],
)
def test_values_that_differ_by_rounding_alone_are_the_same(one, other, expected):
    assert same(np.array(one), np.array(other)) is expected


def bar(name, value, reach=0.0, parts=()):
    return ColumnEffect(name=name, value=value, low=value - reach, high=value + reach, parts=list(parts))


def part(value, level="word", reach=0.0):
    return Part(text="x", start=0, end=1, level=level, value=value, low=value - reach, high=value + reach)


def explained(*columns) -> RowExplanation:
    return RowExplanation(row=0, base=0.0, output=0.0, columns=list(columns), error=0.0, evaluations=0, seconds=0.0)


def test_values_stand_in_the_order_of_the_columns_and_words_without_their_sentences():
    note = bar("note", 0.9, parts=[part(0.9, "sentence"), part(0.5), part(0.4)])
    title = bar("title", -0.2, parts=[part(-0.2, reach=0.1)])
    found = values_of(explained(note, bar("size", 0.3), title), ["size", "title", "note"])
    assert found["columns"].values.tolist() == [0.3, -0.2, 0.9]
    assert found["words"].values.tolist() == [-0.2, 0.5, 0.4]
    assert (found["columns"].exact, found["words"].exact) == (True, False)
    none = values_of(explained(bar("size", 0.3, reach=0.1), bar("age", 0.1)), ["size", "age"])
    assert (none["columns"].exact, none["words"].values.tolist()) == (False, [])
