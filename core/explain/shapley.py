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

from core.explain.estimate import EXACT_PLAYERS, PAIRS

FEWEST_PAIRS = 2
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
        Pairs of opposite orders to sample when there are more than `exact` players.
    enough : callable () → bool
        Asked after each pair, from the second on: True stops the sampling.
    """
    ends = values(np.array([[False] * n_players, [True] * n_players]))
    base, output = float(ends[0]), float(ends[1])
    if n_players <= exact:
        return Shares(base, output, _exact(values, n_players), np.zeros(n_players))
    random = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while len(found) < FEWEST_PAIRS or (len(found) < pairs and not enough()):
        found.append(_pair(values, random.permutation(n_players)))
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    return Shares(base, output, np.mean(found, axis=0), 1.96 * error)


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


def _pair(values: Values, order: np.ndarray) -> np.ndarray:
    """The mean marginal contributions along an order and along its reverse."""
    ways = (order, order[::-1])
    coalitions = np.concatenate([paths(way) for way in ways])
    worth = values(coalitions).reshape(2, -1)
    total = np.zeros(len(order))
    for way, along in zip(ways, worth, strict=True):
        total[way] += np.diff(along)
    return total / 2


def paths(order: np.ndarray) -> np.ndarray:
    """Nobody, then one player more at each step.  order of n  →  bool (n + 1, n)"""
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    return rank[None, :] < np.arange(len(order) + 1)[:, None]
