"""Curves of taking columns away, by hand: a faithful order beats chance."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.quality.perturbation_curve import over_rows, together
from tests.explain.quality.test_jobs import walked


def test_a_faithful_order_beats_chance_and_the_reverse_loses():
    parts = np.random.default_rng(1).normal(0, 0.1, (20, 4))
    faithful = together("words", [walked(one, one) for one in parts], first=1, distance=False, seed=0)
    reverse = together("words", [walked(-one, one) for one in parts], first=1, distance=False, seed=0)
    assert faithful.removal.low > 0
    assert faithful.insertion.low > 0
    assert reverse.removal.high < 0


def test_a_mean_over_rows_has_the_interval_of_its_standard_error():
    values = np.random.default_rng(3).normal(0, 1, 400)
    found = over_rows(values, 0)
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)
