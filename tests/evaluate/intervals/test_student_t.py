"""Student's quantiles are SciPy's."""

from __future__ import annotations

import pytest
from scipy import stats

from core.evaluate.intervals.student_t import MANY, t_quantile, t_two_sided

RIGHT = {3: 7.5e-6, 4: 2e-6, 10: 3e-8, 100: 3e-12}  # from so many degrees of freedom on, how far a quantile may be off


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 6, 7, 8, 10, 25, 39, 100, 199, 1000, 50_000])
@pytest.mark.parametrize("share", [0.75, 0.9, 0.95, 0.975, 0.99, 0.9975, 0.9999])
def test_a_quantile_is_that_of_scipy(share, freedom):
    off = 1e-14 if freedom < 3 else RIGHT[max(from_on for from_on in RIGHT if from_on <= freedom)]
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=off)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 39, 199, 999, 1000, 1001, 2000, 20_000])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, -1.96, 2.776, 4.5])
def test_the_chance_beyond_a_value_is_that_of_scipy(value, freedom):
    expected = 2 * stats.t.sf(abs(value), freedom)
    off = 3e-14 if freedom <= MANY else 3e-7  # beyond, a normal distribution stands in
    assert t_two_sided(value, freedom) == pytest.approx(expected, rel=0, abs=off)


def test_a_value_that_is_hardly_possible_has_a_chance_of_nothing():
    assert 0 <= t_two_sided(1e9, 5) < 1e-15
    assert t_two_sided(1e3, MANY) == 0
