"""Student's quantiles are SciPy's."""

from __future__ import annotations

import pytest
from scipy import stats

from core.evaluate.intervals.student_t import t_quantile, t_two_sided


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 7, 10, 25, 100, 1000, 50_000])
@pytest.mark.parametrize("share", [0.75, 0.9, 0.95, 0.975, 0.99, 0.9975, 0.9999])
def test_a_quantile_is_that_of_scipy(share, freedom):
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=2e-4)


@pytest.mark.parametrize("freedom", [3, 9, 39, 199, 699, 2999])
def test_the_quantile_of_intervals_is_right_to_five_digits(freedom):
    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=2e-5)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 39, 199, 999, 1001, 20_000])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, -1.96, 2.776, 4.5])
def test_the_chance_beyond_a_value_is_that_of_scipy(value, freedom):
    expected = 2 * stats.t.sf(abs(value), freedom)
    assert t_two_sided(value, freedom) == pytest.approx(expected, rel=1e-3, abs=1e-9)
