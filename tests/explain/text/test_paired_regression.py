"""Few pairs of coalitions are enough: values sum, sums are found, bands cover, and permutations need more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.explain.shapley.values import paths, shares
from core.explain.text.paired_regression import OTHERS, SPREADS, WIDER, Design, Prior, features, regress

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


def test_features_by_hand():
    # one word of three: +1 and −1; and as one of few, (2 + 3) / (2 + 1) for it and (2 + 3) / (2 + 2) for each other
    (row,) = features(np.array([[True, False, False]]))
    assert row == pytest.approx([1, -1, -1, 5 / 3, -5 / 4, -5 / 4])


def own_values(n):
    """Shapley values of each feature's game, by every coalition.  →  (n, 2 n)"""
    alone = [shares(lambda sets, w=w: sets[:, w].astype(float), n, exact=n).values for w in range(n)]
    few = [
        shares(lambda sets, w=w: sets[:, w] * (OTHERS + n) / (OTHERS + sets.sum(axis=1)), n, exact=n).values
        for w in range(n)
    ]
    return np.column_stack(alone + few)


def by_gauss(coalitions, differences, total, spreads, noisy=0.0, noise=0.0):
    """Values, bands and evidence of a Gaussian process with this kernel: the textbook's formulas, no normal equations.

    noisy: so many pairs of this noise were seen before.
    """
    n = coalitions.shape[1]
    rows, target = np.vstack([features(coalitions), np.ones(2 * n)]), np.append(differences, total)
    errors = np.diag(np.append(np.ones(len(differences)), 1 / 1000))  # the total is known
    found = []
    for spread in spreads:
        prior = np.diag(spread * np.repeat([1.0, 0.1], n))
        kernel = errors + rows @ prior @ rows.T
        left = float(target @ np.linalg.solve(kernel, target))
        evidence = -0.5 * (np.linalg.slogdet(kernel)[1] + np.log(1000) + len(target) * np.log(left))
        gain = prior @ rows.T @ np.linalg.inv(kernel)
        found.append((evidence, gain @ target, prior - gain @ rows @ prior, left))
    evidence, mean, covariance, left = max(found, key=lambda one: one[0])
    to_values = own_values(n)
    values = to_values @ mean
    sets = [1 / 3, 1 / 6] if n == 3 else [1 / 5, 1 / 20, 1 / 30, 1 / 20]  # (t − 1)! (n − t)! / n! for t < n
    unseen = sum(sets) / n
    variance = (noisy * noise + left) / (noisy + len(target)) * (np.diag(to_values @ covariance @ to_values.T) + unseen)
    reach = WIDER * stats.t.ppf(0.975, noisy + len(target)) * np.sqrt(variance)
    return values + (total - values.sum()) / n, reach, evidence


@pytest.mark.parametrize(("n", "pairs"), [(3, 2), (3, 3), (5, 3), (5, 5), (5, 14)])
def test_a_regression_is_a_gaussian_process_with_the_most_likely_spread(n, pairs):
    random = np.random.default_rng(n * pairs)
    kept = Design(n, random).more(pairs)
    differences = (2.0 * kept - 1) @ np.arange(1.0, n + 1) + random.normal(size=pairs)
    total = n * (n + 1) / 2 + 0.3
    values, reach, evidence = by_gauss(kept, differences, total, SPREADS if pairs >= n else SPREADS[:1])
    found = regress(kept, differences, total)
    assert found.values == pytest.approx(values)
    assert found.reach == pytest.approx(reach)
    assert found.evidence == pytest.approx(evidence)
    assert found.values.sum() == pytest.approx(total)


@pytest.mark.parametrize("pairs", [0, 2, 9])
def test_what_is_known_before_counts_as_eight_pairs(pairs):
    random = np.random.default_rng(pairs)
    kept = Design(5, random).more(9)[:pairs]
    differences = random.normal(size=pairs)
    values, reach, _evidence = by_gauss(kept, differences, 0.4, [0.7], noisy=8.0, noise=0.05)
    found = regress(kept, differences, 0.4, Prior(0.7, 0.05))
    assert found.values == pytest.approx(values)
    assert found.reach == pytest.approx(reach)


def test_the_next_coalition_is_the_one_told_apart_least_by_those_before():
    """Of sixteen random ones; so that a design of two halves is that of the whole."""
    whole, halves = (Design(7, np.random.default_rng(3)) for _time in range(2))
    assert np.array_equal(whole.more(12), np.vstack([halves.more(5), halves.more(7)]))
    assert np.array_equal(whole.coalitions, halves.coalitions)
    assert whole.coalitions.shape == (12, 7)
    random, prior = np.random.default_rng(3), np.diag(SPREADS[0] * np.repeat([1.0, 0.1], 7))
    seen, precision = [np.ones(14)], [1000.0]
    for chosen in whole.coalitions:
        sizes = random.integers(1, 7, 16)
        tried = random.random((16, 7)).argsort(axis=1).argsort(axis=1) < sizes[:, None]
        rows = np.asarray(seen)
        known = np.linalg.inv(np.linalg.inv(prior) + (rows.T * precision) @ rows)
        (row,) = features(chosen[None])
        assert chosen.tolist() in tried.tolist()
        assert row @ known @ row == pytest.approx(max(one @ known @ one for one in features(tried)))
        seen.append(row)
        precision.append(1.0)
