"""Shapley values: exact where they can be, bands cover where not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.explain.shapley.column_game import Game
from core.explain.shapley.values import paths, reach_of, shares


def test_the_glove_game_by_hand():
    # One left glove (player 0), two right gloves: a pair is worth 1. Shapley: 2/3, 1/6, 1/6.
    found = shares(lambda s: (s[:, 0] & (s[:, 1] | s[:, 2])).astype(float), 3)
    assert found.values == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 11), st.integers(0, 1000))
def test_values_are_efficient_symmetric_and_fair_to_dummies(n, seed):
    random = np.random.default_rng(seed)
    weights = random.normal(size=n)
    weights[-1] = 0.0

    def worth(coalitions):
        linear = coalitions @ weights
        return linear + 0.5 * linear**2

    found = shares(worth, n, seed=seed)
    assert found.values.sum() == pytest.approx(found.output - found.base)
    assert found.values[-1] == pytest.approx(0, abs=1e-9)


def test_sampling_ends_once_bands_are_narrow_and_bands_cover_the_truth():
    random = np.random.default_rng(4)
    inside, total = 0, 0
    for seed in range(6):
        weights, third = random.normal(size=12), random.normal(size=(3, 12)) / 6

        def worth(coalitions, weights=weights, third=third):
            return coalitions @ weights + np.prod(coalitions @ third.T, axis=1)

        truth = shares(worth, 12, exact=12)
        found = shares(worth, 12, seed=seed, pairs=400)
        assert found.values.sum() == pytest.approx(truth.output - truth.base)
        assert found.reach.max() <= 0.01 * max(abs(truth.output - truth.base), np.abs(found.values).max())
        inside += int((np.abs(found.values - truth.values) <= found.reach + 1e-12).sum())
        total += 12
    assert inside / total >= 0.9


def linear_game(n_columns: int, seed: int = 0):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(21, n_columns)), columns=[f"c{place}" for place in range(n_columns)])
    weights = random.normal(size=n_columns)
    return Game(lambda table: table.to_numpy() @ weights, frame.iloc[[0]], frame.iloc[1:]), frame, weights


@pytest.mark.parametrize("n_columns", [3, 10])
def test_a_linear_model_is_coefficient_times_distance_from_the_mean(n_columns):
    game, frame, weights = linear_game(n_columns)
    found = shares(game.values, n_columns)
    expected = weights * (frame.iloc[0].to_numpy() - frame.iloc[1:].mean().to_numpy())
    assert found.values == pytest.approx(expected)


def test_a_band_is_students_interval_of_the_mean():
    samples = np.random.default_rng(0).normal(size=(7, 3))
    low, high = stats.t.interval(0.95, 6, loc=samples.mean(axis=0), scale=stats.sem(samples, axis=0))
    assert reach_of(samples) == pytest.approx((high - low) / 2)


def test_a_path_lets_one_player_in_at_each_step():
    assert paths(np.array([2, 0, 1])).tolist() == [
        [False, False, False], [False, False, True], [True, False, True], [True, True, True],
    ]  # fmt: skip


def asked_of(worth, n=11, **more):
    """The shares, and in how many pairs of orders they were sampled."""
    asked = []
    found = shares(lambda sets: (asked.append(len(sets)), worth(sets))[1], n, **more)
    assert asked[0] == 2
    return found, [rows / (2 * (n + 1)) for rows in asked[1:]]


def test_sampling_takes_ten_pairs_at_least_and_as_many_as_it_may():
    weights = np.arange(11.0)
    found, pairs = asked_of(lambda sets: sets @ weights)  # a sum, which any pair gives exactly
    assert (found.values, found.reach.max()) == (pytest.approx(weights), pytest.approx(0, abs=1e-12))
    assert pairs == [2, 4, 4]
    assert asked_of(lambda sets: sets @ weights, pairs=7)[1] == [2, 4, 1]
    assert asked_of(lambda sets: sets @ weights, enough=lambda: True)[1] == [2]
    rough = np.random.default_rng(0)
    assert asked_of(lambda sets: rough.normal(size=len(sets)))[1] == [2, 4, 4, 4, 2]  # never sure: sixteen
    assert asked_of(lambda sets: sets @ weights[:10], n=10)[1] == [2**10 / 22]  # every set of ten


def test_an_order_and_its_reverse_are_averaged():
    """Of a product of two players each order gives all to the later one: with its reverse, a half each."""
    found, _pairs = asked_of(lambda sets: (sets[:, 3] & sets[:, 7]) * 1.0, enough=lambda: True)
    expected = np.zeros(11)
    expected[[3, 7]] = 0.5
    assert found.values == pytest.approx(expected)
    assert (found.base, found.output) == (0, 1)


def test_bands_are_narrow_beside_the_way_from_base_to_output_wherever_both_lie():
    rough = np.random.default_rng(0)
    pairs = asked_of(lambda sets: 1000 + rough.normal(size=len(sets)))[1]  # from about 1000 to about 1000
    assert pairs == [2, 4, 4, 4, 2]


def test_where_none_is_named_the_first_of_the_models_numbers_is_explained():
    frame = pd.DataFrame({"a": [0.2, 0.4, 0.6]})
    game = Game(lambda rows: np.c_[rows["a"], 1 - rows["a"]], frame.iloc[[0]], frame.iloc[1:], output="probability")
    assert game.values(np.array([[False], [True]])) == pytest.approx([0.5, 0.2])
