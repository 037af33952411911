"""Deletion and insertion: what the output does when a row's words or columns go, or come back, in some order.

References
----------
Petsiuk, Das and Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018.
Samek et al., "Evaluating the visualization of what a deep neural network has learned", 2017.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.results.comparison import Interval
from core.results.explanations.quality import Walk, What

Worth = Callable[[np.ndarray], np.ndarray]  # bool (m, n parts): kept ones  →  output (m,)
RESAMPLES = 1000


@dataclass(frozen=True)
class RowWalk:
    """One row's curves, each of shape (steps + 1,), and what goes with the first few parts; NaN where all are first."""

    removed: np.ndarray
    removed_random: np.ndarray
    added: np.ndarray
    added_random: np.ndarray
    lost: float
    lost_random: float


def perturbation_curve(
    worth: Worth,
    values: np.ndarray,
    random: np.random.Generator,
    *,
    steps: int,
    draws: int,
    first: int,
    distance: bool,
) -> RowWalk:
    """Take a row's parts away and put them back, by their values and in random orders.

    Parameters
    ----------
    values : array, shape (n,)
        What the explanation gives each part.
    steps : int
        Points of a curve beside its start, evenly spread.
    draws : int
        Random orders.
    first : int
        Parts whose loss is told apart.
    distance : bool
        Of a number: curves are distances from the whole row's output, and the size of a value decides its place.
    """
    n = len(values)
    counts = np.floor(np.linspace(0, n, steps + 1) + 0.5).astype(int)
    best = np.argsort(-np.abs(values) if distance else -values, kind="stable")
    orders = [best, *(random.permutation(n) for _draw in range(draws))]
    kept = [subset for order in orders for subset in _kept(order, counts, first, backwards=order is not best)]
    every = np.concatenate([np.ones((1, n), dtype=bool), np.asarray(kept)])
    distinct, which = np.unique(every, axis=0, return_inverse=True)
    found = np.asarray(worth(distinct), dtype=float)[which.ravel()]
    whole, each = found[0], found[1:].reshape(len(orders), -1)
    if distance:
        each = np.abs(each - whole)
    removed, added, without = each[:, : steps + 1], each[:, steps + 1 : -1], each[:, -1]
    lost = without if distance else whole - without
    told = n > first
    return RowWalk(
        removed=removed[0],
        removed_random=removed[1:].mean(axis=0),
        added=added[0],
        added_random=added[1:].mean(axis=0),
        lost=float(lost[0]) if told else np.nan,
        lost_random=float(lost[1:].mean()) if told else np.nan,
    )


def _kept(order: np.ndarray, counts: np.ndarray, first: int, *, backwards: bool) -> list[np.ndarray]:
    """What is kept at each point of both curves of an order, and without its first parts.

    backwards: parts come back in the reverse order, so that the sets of a random order come again
    """
    n = len(order)
    rank = np.empty(n, dtype=int)
    rank[order] = np.arange(n)
    back = n - 1 - rank if backwards else rank
    return [rank >= count for count in counts] + [back < count for count in counts] + [rank >= first]


def together(what: What, walks: list[RowWalk], *, first: int, distance: bool, seed: int) -> Walk:
    """The mean curves of one or more rows, and the areas between them with their bootstrap intervals over rows."""
    stacked = {
        name: np.asarray([getattr(one, name) for one in walks])
        for name in ("removed", "removed_random", "added", "added_random")
    }
    share = np.linspace(0, 1, stacked["removed"].shape[1])
    sign = 1.0 if distance else -1.0  # what goes first should move a number far, and lower a probability
    removal = sign * np.trapezoid(stacked["removed"] - stacked["removed_random"], share, axis=1)
    insertion = -sign * np.trapezoid(stacked["added"] - stacked["added_random"], share, axis=1)
    told = [one for one in walks if np.isfinite(one.lost)]
    return Walk(
        what=what,
        n_rows=len(walks),
        share=share.tolist(),
        **{name: curves.mean(axis=0).tolist() for name, curves in stacked.items()},
        removal=over_rows(removal, seed),
        insertion=over_rows(insertion, seed),
        first=first,
        lost=over_rows(np.asarray([one.lost for one in told]), seed) if told else None,
        lost_random=over_rows(np.asarray([one.lost_random for one in told]), seed) if told else None,
    )


def over_rows(values: np.ndarray, seed: int) -> Interval:
    """The mean over rows with its 95 % interval by drawing the rows again (bootstrap).  (n ≥ 1,)"""
    random = np.random.default_rng(seed)
    means = values[random.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(mean=float(values.mean()), low=float(low), high=float(high))
