"""shap's explainers as they are called: all of the background, and an error that is one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import is_valid_linkage

from core.explain.against_shap import explainers
from core.explain.shapley.values import shares


def product(rows: np.ndarray) -> np.ndarray:
    """Interactions of three and more, so that one order and its reverse do not give the exact values."""
    return rows[:, 0] * rows[:, 1] * rows[:, 2] + rows[:, 3] * rows[:, 4] * rows[:, 0] + rows[:, 5]


@pytest.fixture(scope="module")
def setting():
    random = np.random.default_rng(2)
    return random.normal(size=6) + 1, random.normal(size=(4, 6))


def test_every_row_of_a_large_background_counts():
    background = np.arange(151.0)[:, None].repeat(2, axis=1)  # shap would draw 100 of them
    found = explainers.exact(lambda rows: rows[:, 0] * rows[:, 1], np.array([3.0, 5.0]), background)
    first, second = 75.0, 75.0
    square = float((np.arange(151.0) ** 2).mean())
    assert found.base == pytest.approx(square)
    assert found.values[0] == pytest.approx(((3 * second - square) + (15 - first * 5)) / 2)


def test_the_error_of_the_permutation_explainer_is_that_of_pairs_of_orders(setting):
    row, background = setting
    truth = explainers.exact(product, row, background).values
    inside = []
    for seed in range(120):
        found = explainers.permuted(product, row, background, seed=seed, most=8, narrow=0.0, enough=lambda: False)
        assert found.draws == 8
        assert found.values.sum() == pytest.approx(found.output - found.base)
        inside.append(np.abs(found.values - truth)[:5] <= found.reach[:5])
    assert 0.92 <= np.mean(inside) <= 0.98


def test_sampling_ends_when_told_but_not_before_an_error_is_known(setting):
    row, background = setting
    told = []
    found = explainers.permuted(product, row, background, seed=1, most=50, enough=lambda: True, each=told.append)
    assert found.draws == explainers.FEWEST_ORDERS == len(told)


def test_halves_of_halves_keep_neighbours_together():
    tree = explainers.balanced([3, 2])
    assert tree[:, :2].tolist() == [[0, 1], [5, 2], [3, 4], [6, 7]]
    assert tree[:, 3].tolist() == [2, 3, 2, 5]
    assert is_valid_linkage(explainers.balanced([4, 1, 7]))


def test_the_partition_explainer_is_exact_on_a_sum_and_keeps_the_total_elsewhere():
    tree, weights = explainers.balanced([4, 2]), np.arange(1.0, 7)
    found = explainers.partitioned(lambda rows: rows @ weights, tree, 100)
    assert found.values == pytest.approx(weights)
    found = explainers.partitioned(product, tree, 100)
    assert found.values.sum() == pytest.approx(3.0)
    codes = (np.arange(64)[:, None] >> np.arange(6)) & 1
    known = dict(zip(map(tuple, codes.tolist()), product(codes.astype(float)), strict=True))
    single = shares(lambda sets: np.array([known[tuple(one.astype(int))] for one in sets]), 6, exact=6).values
    assert np.abs(found.values - single).max() > 0.01  # Owen values of these halves, not Shapley values
