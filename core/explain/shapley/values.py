"""Shapley values of a game: exact where all coalitions can be tried, sampled in antithetic pairs where not.

References
----------
Shapley, "A value for n-person games", 1953. Mitchell et al., "Sampling permutations for Shapley value estimation",
JMLR 2022 (antithetic pairs).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
from scipy import stats

from core.explain.row.estimate import EXACT_PLAYERS, PAIRS

FEWEST_PAIRS = 2
PAIRS_AT_ONCE = 4
SURE_PAIRS = 10  # before bands are believed to be narrow
NARROW = 0.01  # of the way from base to output
Values = Callable[[np.ndarray], np.ndarray]  # bool (m, players) → float (m,)


@dataclass(frozen=True)
class Shares:
    """One value per player with the 95 % band of its sampling error; exact values have none."""

    base: float
    output: float
    values: np.ndarray
    reach: np.ndarray


def never() -> bool:
    """Sampling goes on to the end."""
    return False


def shares(
    values: Values,
    n_players: int,
    *,
    seed: int = 0,
    pairs: int = PAIRS,
    exact: int = EXACT_PLAYERS,
    enough: Callable[[], bool] = never,
) -> Shares:
    """The Shapley value of each player.

    Parameters
    ----------
    values : callable
        The worth of coalitions.
    pairs : int
        Pairs of opposite orders to sample at most when there are more than `exact` players.
    enough : callable () → bool
        Asked after every few pairs: True stops the sampling. It also stops once every band is narrow: within 1 % of
        the way from base to output, or of the longest bar.
    """
    ends = values(np.array([[False] * n_players, [True] * n_players]))
    base, output = float(ends[0]), float(ends[1])
    if n_players <= exact:
        return Shares(base, output, _exact(values, n_players), np.zeros(n_players))
    random = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while True:
        more = min(PAIRS_AT_ONCE, pairs - len(found)) if found else FEWEST_PAIRS
        found += _pairs(values, [random.permutation(n_players) for _pair in range(more)])
        mean, reach = np.mean(found, axis=0), reach_of(np.asarray(found))
        narrow = reach.max() <= NARROW * max(abs(output - base), np.abs(mean).max())
        if (narrow and len(found) >= SURE_PAIRS) or len(found) >= pairs or enough():
            return Shares(base, output, mean, reach)


def reach_of(samples: np.ndarray) -> np.ndarray:
    """Half the 95 % interval of the mean by Student's t.  (n ≥ 2, m)  →  (m,)"""
    n = len(samples)
    return np.asarray(stats.t.ppf(0.975, n - 1) * np.std(samples, axis=0, ddof=1) / np.sqrt(n))


def _exact(values: Values, n: int) -> np.ndarray:
    """φᵢ = Σ_S |S|! (n−|S|−1)! / n! · (v(S ∪ i) − v(S))."""
    codes = np.arange(2**n)
    coalitions = (codes[:, None] >> np.arange(n)) & 1 == 1
    worth = values(coalitions)
    sizes = coalitions.sum(axis=1)
    weights = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    result = np.zeros(n)
    for player in range(n):
        without = codes[~coalitions[:, player]]
        result[player] = np.sum(weights[sizes[without]] * (worth[without | (1 << player)] - worth[without]))
    return result


def _pairs(values: Values, orders: list[np.ndarray]) -> list[np.ndarray]:
    """For each order, the mean marginal contributions along it and along its reverse; one call for all."""
    ways = [way for order in orders for way in (order, order[::-1])]
    worth = values(np.concatenate([paths(way) for way in ways])).reshape(len(ways), -1)
    each = np.zeros((len(ways), len(orders[0])))
    np.put_along_axis(each, np.asarray(ways), np.diff(worth, axis=1), axis=1)
    return list((each[0::2] + each[1::2]) / 2)


def paths(order: np.ndarray) -> np.ndarray:
    """Nobody, then one player more at each step.  order of n  →  bool (n + 1, n)"""
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return rank[None, :] < np.arange(len(order) + 1)[:, None]
