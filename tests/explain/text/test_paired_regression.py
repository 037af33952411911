"""Few pairs of coalitions are enough: values sum, sums are found, bands cover, and permutations need more."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.shapley.values import paths, shares
from core.explain.text.paired_regression import OTHERS, Design, features, regress

N = 9


def mean_game(seed: int, n: int = N, noise: float = 0.05):
    """A game like an encoder's: a mean over words and fixed tokens, pairs that matter together, and noise."""
    random = np.random.default_rng(seed)
    alone, together = random.normal(size=n), random.normal(size=(n, n)) * 0.05
    off = random.normal(size=2**n) * noise

    def worth(coalitions: np.ndarray) -> np.ndarray:
        shown = coalitions.astype(float)
        codes = coalitions @ (1 << np.arange(n))
        mean = shown @ alone / (OTHERS + shown.sum(axis=1))
        return 3 * mean + np.einsum("mi,ij,mj->m", shown, together, shown) + off[codes]

    return worth


def sampled(worth, pairs: int, seed: int = 0, n: int = N):
    coalitions = Design(n, np.random.default_rng(seed)).more(pairs)
    total = float(np.subtract(*worth(np.array([[True] * n, [False] * n]))))
    return regress(coalitions, worth(coalitions) - worth(~coalitions), total), total


def test_a_features_game_has_the_values_it_is_given():
    """Shapley values of a feature of one word as one of few, by all coalitions, as `regress` turns it into values."""
    weights = np.random.default_rng(1).normal(size=5)

    def worth(coalitions):
        size = coalitions.sum(axis=1, keepdims=True)
        return (coalitions / (OTHERS + size)) @ weights * (OTHERS + 5)

    coalitions = np.array([[place >> bit & 1 for bit in range(5)] for place in range(1, 31)], dtype=bool)
    found = regress(coalitions, worth(coalitions) - worth(~coalitions), float(weights.sum()))
    assert found.values == pytest.approx(shares(worth, 5).values, abs=0.02)


def test_a_sum_is_found_with_narrow_bands():
    weights = np.random.default_rng(0).normal(size=20)
    found, total = sampled(lambda coalitions: coalitions @ weights, 40, n=20)
    assert found.values == pytest.approx(weights, abs=0.02)
    assert found.values.sum() == pytest.approx(total)
    assert found.reach.max() < 0.15


def test_bands_cover_the_exact_values():
    inside = []
    for seed in range(30):
        worth = mean_game(seed)
        found, total = sampled(worth, 20)
        assert found.values.sum() == pytest.approx(total)
        inside += (np.abs(found.values - shares(worth, N).values) <= found.reach).tolist()
    assert np.mean(inside) >= 0.9


def test_permutations_need_more_texts_for_the_same_error():
    """Two orders and their reverses of 9 words are 32 texts, as are 16 pairs."""

    def permuted(worth, seed):
        random, values = np.random.default_rng(seed), np.zeros(N)
        for order in (random.permutation(N), random.permutation(N)):
            for way in (order, order[::-1]):
                values[way] += np.diff(worth(paths(way))) / 4
        return values

    ours, theirs = [], []
    for seed in range(30):
        worth = mean_game(seed, noise=0.2)
        exact = shares(worth, N).values
        ours.append(np.linalg.norm(sampled(worth, 16)[0].values - exact))
        theirs.append(np.linalg.norm(permuted(worth, seed) - exact))
    assert np.median(ours) < 0.8 * np.median(theirs)


def test_chosen_coalitions_tell_words_apart_better_than_random_ones():
    chosen = Design(16, np.random.default_rng(0)).more(20)
    random = np.random.default_rng(0).random((20, 16)) < 0.5

    def uncertain(coalitions):
        rows = features(coalitions)[:, :16]
        return np.trace(np.linalg.inv(rows.T @ rows + np.eye(16)))

    assert uncertain(chosen) < 0.8 * uncertain(random)
    assert (chosen.sum(axis=1) > 0).all()
    assert (chosen.sum(axis=1) < 16).all()
