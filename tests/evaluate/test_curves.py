"""The lines that are drawn: known points, and nothing that hangs on the order of the rows."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics

from core.evaluate import curves

CLASSES = ["no", "yes"]


def lines_of(kind, truth: np.ndarray, yes: np.ndarray):
    return kind(truth, np.column_stack([1 - yes, yes]), CLASSES, ["yes"])


def said(values) -> np.ndarray:
    return np.where(np.asarray(values, dtype=bool), "yes", "no")


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.1 + 1e-9, 1 / 3, 0.5, 0.7, 1.0])), min_size=2),
    st.integers(0, 1000),
)
@settings(max_examples=200, deadline=None)
def test_calibration_does_not_hang_on_the_order_of_rows(rows, seed):
    truth, yes = said([one for one, _value in rows]), np.array([value for _one, value in rows])
    other = np.random.default_rng(seed).permutation(len(rows))
    assert lines_of(curves.calibration, truth, yes) == lines_of(curves.calibration, truth[other], yes[other])


@given(st.lists(st.floats(0, 1), min_size=20, max_size=200), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_each_probability_is_in_one_bin_and_all_rows_are_counted(values, seed):
    yes, wanted = np.array(values), np.random.default_rng(seed).random(len(values)) < 0.5
    found = lines_of(curves.calibration, said(wanted), yes)
    if not 0 < wanted.sum() < len(wanted):
        assert not found
        return
    (line,) = found
    assert 1 <= len(line.x) == len(line.y) <= curves.BINS
    assert all(low <= high + 1e-12 for low, high in zip(line.x, line.x[1:], strict=False))
    assert all(min(values) - 1e-12 <= x <= max(values) + 1e-12 for x in line.x)
    assert all(0 <= y <= 1 for y in line.y)


def test_rows_that_were_told_the_same_are_one_point():
    truth, yes = said([1, 1, 1, 0, 0, 0, 0, 0]), np.full(8, 0.25)
    (line,) = lines_of(curves.calibration, truth, yes)
    assert (line.x, line.y) == ([0.25], [3 / 8])


def test_bins_hold_equally_many_different_probabilities():
    yes = (np.arange(50) + 0.5) / 50
    truth = said(np.arange(50) % 5 < 2)
    (line,) = lines_of(curves.calibration, truth, yes)
    assert line.x == pytest.approx(0.05 + np.arange(10) / 10)  # five rows each: .01, .03, .05, .07, .09, …
    assert line.y == pytest.approx([2 / 5] * 10)


def test_a_heap_of_like_rows_stays_together_among_others():
    yes = np.array([0.1] * 30 + [0.2, 0.9])
    truth = said([*[1] * 6, *[0] * 24, 0, 1])
    (line,) = lines_of(curves.calibration, truth, yes)
    # middle ranks 15, 30.5 and 31.5 of 32: bins 4, 9 and 9
    assert line.x == pytest.approx([0.1, (0.2 + 0.9) / 2])
    assert line.y == pytest.approx([6 / 30, 1 / 2])


def test_thresholds_by_hand():
    points = curves.thresholds(said([1, 1, 0, 0]), np.array([0.9, 0.4, 0.6, 0.1]), "yes")
    assert [point.threshold for point in points] == pytest.approx(np.arange(1, 100) / 100)
    half = points[49]
    assert (half.precision, half.recall, half.f1, half.accuracy, half.n_yes) == (0.5, 0.5, 0.5, 0.5, 2)
    at_the_value = points[59]  # a probability of .6 says yes from .6 on
    assert (at_the_value.n_yes, at_the_value.accuracy) == (2, 0.5)
    sure = points[94]
    assert (sure.precision, sure.recall, sure.f1, sure.accuracy, sure.n_yes) == (0, 0, 0, 0.5, 0)
    low = points[19]
    assert (low.precision, low.recall) == pytest.approx((2 / 3, 1))
    assert low.f1 == pytest.approx(0.8)


def test_long_curves_are_thinned_and_keep_their_ends_and_their_area():
    random = np.random.default_rng(0)
    yes = random.random(4000)
    truth = said(random.random(4000) < yes)
    for kind, area in (
        (curves.roc, metrics.roc_auc_score(truth == "yes", yes)),
        (curves.precision_recall, metrics.average_precision_score(truth == "yes", yes)),
    ):
        (line,) = lines_of(kind, truth, yes)
        assert len(line.x) == len(line.y) == curves.MOST_POINTS
        assert {line.x[0], line.x[-1]} == {0.0, 1.0}
        assert line.area == pytest.approx(area)
