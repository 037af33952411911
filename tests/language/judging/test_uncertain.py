"""How sure a measure is: the jackknife of a mean is Student's interval, and nothing is made of no units."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.language.judging.uncertain import jackknife, means, ratio

VALUES = np.array([1.0, 4.0, 2.0, 7.0, 6.0])


def left_out(values: np.ndarray) -> np.ndarray:
    return (values.sum() - values) / (len(values) - 1)


def test_the_jackknife_of_a_mean_is_students_interval():
    found = jackknife(VALUES.mean(), left_out(VALUES))
    low, high = stats.t.interval(0.95, len(VALUES) - 1, loc=VALUES.mean(), scale=stats.sem(VALUES))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_two_samples_add_their_variances_with_the_fewer_degrees_of_freedom():
    other = np.array([2.0, 3.0, 5.0])
    found = jackknife(0.0, left_out(VALUES), left_out(other))
    error = np.hypot(stats.sem(VALUES), stats.sem(other))
    assert found.high == pytest.approx(stats.t.ppf(0.975, 2) * error)


def test_one_text_tells_nothing_of_how_sure_it_is():
    found = jackknife(0.4, np.array([0.4]))
    assert (found.low, found.mean, found.high) == (0.4, 0.4, 0.4)


def test_an_interval_ends_where_the_measure_does():
    found = jackknife(0.95, np.array([0.2, 0.9, 0.99]), low=0, high=1)
    assert (found.low, found.high) == (0, 1)


def test_units_that_count_nothing_are_left_out_and_none_is_nothing():
    assert means("share", np.zeros(2), np.zeros(2), seed=0, resamples=50) == {}
    found = means("share", np.array([1.0, 5.0, 9.0]), np.array([2.0, 0.0, 10.0]), seed=0, resamples=50)["share"]
    assert found.mean == pytest.approx(10 / 12)


def test_a_ratio_of_nothing_is_no_number():
    statistic = ratio(np.array([1.0, 2.0]), np.array([0.0, 4.0]), np.log2)
    found = statistic(np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(np.log2(3 / 4))
