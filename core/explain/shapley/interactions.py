"""Shapley values and interactions of small games: both are weighted sums over the worth of every coalition.

References
----------
Shapley, "A value for n-person games", 1953. Grabisch and Roubens, "An axiomatic approach to the concept of interaction
among players in cooperative games", 1999 (the Shapley interaction index).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import factorial

import numpy as np


@lru_cache(maxsize=16)
def coalitions(n: int) -> np.ndarray:
    """Every coalition of n players; player p is in the one with number c where c's bit p is set.  →  bool (2ⁿ, n)"""
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1


@lru_cache(maxsize=16)
def value_weights(n: int) -> np.ndarray:
    """φ = weights @ worth, where worth is in the order of `coalitions`.  →  float (n, 2ⁿ)

    φᵢ = Σ_S |S|! (n−|S|−1)! / n! · (v(S ∪ i) − v(S)): a coalition counts for its members and against the others.
    """
    members = coalitions(n)
    sizes = members.sum(axis=1)
    joined = np.array([factorial(max(s - 1, 0)) * factorial(n - max(s, 1)) / factorial(n) for s in sizes])
    left = np.array([factorial(s) * factorial(max(n - s - 1, 0)) / factorial(n) for s in sizes])
    weights: np.ndarray = np.where(members, joined[:, None], -left[:, None]).T
    return weights


def pairs(n: int) -> list[tuple[int, int]]:
    """The pairs of players in the order of `interaction_weights`."""
    return list(combinations(range(n), 2))


@lru_cache(maxsize=16)
def interaction_weights(n: int) -> np.ndarray:
    """I = weights @ worth, one line per pair.  →  float (n (n−1) / 2, 2ⁿ)

    Iᵢⱼ = Σ_S |S|! (n−|S|−2)! / (n−1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)).
    """
    members = coalitions(n)
    sizes = members.sum(axis=1)
    weights = np.zeros((len(pairs(n)), 2**n))
    for line, (first, second) in enumerate(pairs(n)):
        inside = members[:, first].astype(int) + members[:, second]
        others = sizes - inside
        size = np.array([factorial(s) * factorial(n - s - 2) / factorial(n - 1) for s in others])
        weights[line] = np.where(inside == 1, -size, size)
    return weights
