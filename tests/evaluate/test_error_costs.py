"""Costs of errors over thresholds, by hand, with intervals that hold for all thresholds together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.evaluate.error_costs import error_costs
from core.evaluate.intervals.uncertainty import Sampling


def counted(*counts):
    """Rows of one probability each: (probability, how many are of the class, how many are not), and so on."""
    wanted = [kind for _value, n_yes, n_no in counts for kind in [True] * n_yes + [False] * n_no]
    values = [value for value, n_yes, n_no in counts for _row in range(n_yes + n_no)]
    return np.array(wanted), np.array(values)


# 100 rows, 20 of the class. From .3 on: 18 found of 40 called, so 2 missed and 22 false alarms; from .5: 10 of 12; from
# .7: 4 of 4
HUNDRED = counted((0.8, 4, 0), (0.6, 6, 2), (0.4, 8, 20), (0.1, 2, 58))


def test_the_cost_of_errors_by_hand():
    found = error_costs(*HUNDRED, [0.3, 0.5, 0.7], miss=5, false_alarm=1)
    assert found.costs == pytest.approx([10 * (5 * 2 + 22), 10 * (5 * 10 + 2), 10 * 5 * 16])
    assert (found.best, found.best_cost, found.usual_cost) == (0.3, pytest.approx(320), pytest.approx(520))
    assert found.saving.mean == pytest.approx(200)
    assert found.calibrated == pytest.approx(1 / 6)


def test_the_interval_of_a_saving_is_that_of_its_rows():
    # from .5 down to .3, 8 of 100 rows are found (5 saved each) and 20 become false alarms (1 lost each)
    found = error_costs(*HUNDRED, [0.3, 0.5], miss=5, false_alarm=1)
    per_row = np.array([5.0] * 8 + [-1.0] * 20 + [0.0] * 72)
    reach = stats.t.ppf(0.975, 99) * 1000 * per_row.std(ddof=1) / 10
    assert found.saving.low == pytest.approx(200 - reach)
    assert found.saving.high == pytest.approx(200 + reach)


def test_rows_of_one_group_say_no_more_of_a_saving_than_one_row_does():
    # 40 groups of 25 rows that are all the same: there are 40 rows, not 1,000
    random = np.random.default_rng(4)
    wanted = random.random(40) < 0.4
    yes = np.clip(0.25 + 0.3 * wanted + random.normal(0, 0.15, 40), 0, 1)
    groups, grid = np.repeat(np.arange(40), 25), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    costs = {"miss": 5, "false_alarm": 1}
    alone = error_costs(wanted, yes, grid, **costs).saving
    copied = error_costs(wanted[groups], yes[groups], grid, **costs, sampling=Sampling(np.arange(1000), groups)).saving
    apart = error_costs(wanted[groups], yes[groups], grid, **costs).saving
    assert copied.model_dump() == pytest.approx(alone.model_dump())
    assert copied.high - copied.low > 4.5 * (apart.high - apart.low)  # the root of 25, and Student's quantile


def test_a_saving_is_rarely_sure_where_no_threshold_is_better():
    # true probabilities and equal costs: 0.5 is best, whatever the rows say
    random, sure, grid = np.random.default_rng(0), 0, np.arange(1, 100) / 100
    for _time in range(150):
        yes = random.random(200)
        sure += error_costs(random.random(200) < yes, yes, grid, miss=1, false_alarm=1).saving.low > 0
    assert sure <= 0.025 * 150  # with the chosen threshold held fixed it is sure 8 times of 100


def test_of_equally_cheap_thresholds_the_usual_one_is_kept():
    found = error_costs(*counted((0.9, 5, 0), (0.1, 0, 5)), np.arange(1, 100) / 100, miss=1, false_alarm=1)
    assert (found.best, found.best_cost) == (0.5, 0)
    assert (found.saving.mean, found.saving.low, found.saving.high) == (0, 0, 0)
