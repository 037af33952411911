"""Measures of how closely two columns go together, against hand calculations and numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.roles import association


def test_average_precision_is_that_of_a_hand_calculation():
    # ranking: hit, miss, hit, miss → (1/1 + 2/3) / 2
    found = association.average_precision(np.array([True, False, True, False]), np.array([4.0, 3.0, 2.0, 1.0]))
    assert found == pytest.approx((1 + 2 / 3) / 2)
    tied = association.average_precision(np.array([True, False, False, False]), np.zeros(4))
    assert tied == pytest.approx(0.25)


def test_counts_are_those_of_pandas():
    random = np.random.default_rng(0)
    values = pd.Series(random.choice(["x", "y", None], 200))
    code = random.integers(0, 3, 200)
    counts = association.count(values, code)
    expected = pd.crosstab(values.fillna("-"), code)
    for place, value in enumerate(counts.values):
        assert counts.table[place].tolist() == expected.loc["-" if value is None else value].tolist()


def test_agreement_counts_the_rows_of_matched_values():
    # x: 95 of class 0, 1 of class 1; y: 2 of class 0, 52 of class 1 → 147 of 150 rows
    values = pd.Series(["x"] * 96 + ["y"] * 54)
    code = np.array([0] * 95 + [1] + [0] * 2 + [1] * 52)
    assert association.agreement(association.count(values, code), 15) == pytest.approx(147 / 150)


def test_classes_that_share_a_value_do_not_agree():
    values = pd.Series(["x"] * 40 + ["y"] * 10)
    code = np.repeat([0, 1, 2], [20, 20, 10])
    assert association.agreement(association.count(values, code), 15) == 0.0


def test_an_order_tells_classes_by_one_cut_between_them():
    numbers = np.array([1.0, 2, 3, 10, 11, 12, 20, 21])
    assert association.told_by_order(numbers, np.array([2, 2, 2, 0, 0, 0, 1, 1])) == 1.0
    assert association.told_by_order(numbers, np.array([2, 2, 0, 2, 0, 0, 1, 1])) == pytest.approx(7 / 8)


def test_a_curve_is_followed_between_neighbours_and_noise_is_not():
    random = np.random.default_rng(0)
    x = random.uniform(0, 10, 400)
    assert association.unexplained(np.exp(x), association.between_neighbours(x, np.exp(x))) < 1e-3
    noise = random.normal(size=400)
    assert association.unexplained(noise, association.between_neighbours(x, noise)) > 0.8


def test_a_line_is_numpys():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 50))
    assert association.line(x, y) == pytest.approx(np.polyval(np.polyfit(x, y, 1), x))
    assert association.line(np.ones(50), y) == pytest.approx(np.full(50, y.mean()))
