"""The column that matters loses most when it is shuffled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.explain.global_.estimate import REPEATS
from core.explain.global_.permutation_importance import importances


def test_the_shuffled_column_that_matters_loses_most():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"matters": random.normal(size=200), "noise": random.normal(size=200)})
    truth = frame["matters"] > 0
    left = iter(range(2 * REPEATS))  # what never ends fails here
    ranked = importances(
        lambda table: float(((table["matters"] > 0) == truth).mean()), frame, seed=0, check=lambda: next(left)
    )
    assert list(left) == []
    assert [one.name for one in ranked] == ["matters", "noise"]
    assert ranked[0].value.low > 0.3
    assert ranked[1].value.mean == 0


def scripted(scores, **more):
    """Importances where the model's scores are these, and how often it was asked whether to stop."""
    table = pd.DataFrame({"a": np.arange(6.0), "b": list("uvwxyz")}, index=range(10, 16))
    left, checks = list(scores), []

    def score(frame):
        moved = [name for name in table if not frame[name].equals(table[name])]
        assert len(moved) <= 1
        assert all(sorted(frame[name]) == sorted(table[name]) for name in table)
        assert frame.index.equals(table.index)
        return left.pop(0)

    found = importances(score, table, seed=0, check=lambda: checks.append(True), **more)
    assert left == []
    assert len(checks) == len(scores) - 1
    return {one.name: one.value for one in found}, [one.name for one in found]


def test_the_loss_is_the_mean_over_shuffles_with_students_interval():
    # the score falls from .9 by .1, .2 and .3 where a is shuffled, and rises by .01, or not, where b is
    found, order = scripted([0.9, 0.8, 0.91, 0.7, 0.9, 0.6, 0.89], repeats=3)
    assert order == ["a", "b"]
    reach = stats.t.ppf(0.975, 2) * 0.1 / 3**0.5
    assert (found["a"].mean, found["a"].low, found["a"].high) == pytest.approx((0.2, 0.2 - reach, 0.2 + reach))
    assert found["b"].mean == pytest.approx(0)


def test_two_rounds_are_made_whatever_the_time_and_five_at_most():
    found, order = scripted([0.9, 0.9, 0.7, 0.9, 0.5], enough=lambda: True)
    assert order == ["b", "a"]
    assert found["b"].high - found["b"].mean == pytest.approx(12.7062 * 0.1, rel=1e-5)
    scripted([0.9] * 11)
