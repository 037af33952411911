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

EXACT_PLAYERS = 8
Values = Callable[[np.ndarray], np.ndarray]  # bool (m, players) → float (m,)


@dataclass(frozen=True)
class Shares:
    """One value per player with the 95 % band of its sampling error; exact values have none."""

    base: float
    output: float
    values: np.ndarray
    reach: np.ndarray


def shares(values: Values, n_players: int, *, seed: int = 0, pairs: int = 16) -> Shares:
    """The Shapley value of each player.

    Parameters
    ----------
    values : callable
        The worth of coalitions.
    pairs : int
        Pairs of opposite orders to sample when there are more than eight players.
    """
    ends = values(np.array([[False] * n_players, [True] * n_players]))
    if n_players == 0:
        return Shares(float(ends[0]), float(ends[0]), np.zeros(0), np.zeros(0))
    if n_players <= EXACT_PLAYERS:
        return Shares(float(ends[0]), float(ends[1]), _exact(values, n_players), np.zeros(n_players))
    found = np.stack([_pair(values, order) for order in _orders(n_players, seed, pairs)])
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    return Shares(float(ends[0]), float(ends[1]), found.mean(axis=0), 1.96 * error)


def _exact(values: Values, n: int) -> np.ndarray:
    """φᵢ = Σ_S |S|! (n−|S|−1)! / n! · (v(S ∪ i) − v(S))."""
    codes = np.arange(2**n)
    coalitions = (codes[:, None] >> np.arange(n)) & 1 == 1
    worth = values(coalitions)
    sizes = coalitions.sum(axis=1)
    weights = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) if s < n else 0.0 for s in range(n + 1)])
    result = np.zeros(n)
    for player in range(n):
        without = codes[~coalitions[:, player]]
        result[player] = np.sum(weights[sizes[without]] * (worth[without | (1 << player)] - worth[without]))
    return result


def _orders(n: int, seed: int, pairs: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.permutation(n) for _pair in range(max(2, pairs))]


def _pair(values: Values, order: np.ndarray) -> np.ndarray:
    """The mean marginal contributions along an order and along its reverse."""
    total = np.zeros(len(order))
    for way in (order, order[::-1]):
        coalitions = np.zeros((len(way) + 1, len(way)), dtype=bool)
        for place, player in enumerate(way):
            coalitions[place + 1 :, player] = True
        total[way] += np.diff(values(coalitions))
    return total / 2
