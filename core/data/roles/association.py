"""How closely one column goes with another: counts per value and class, ranks, and what one number says of another.

Nothing here decides anything; ``leaks`` does. Light: numpy and pandas only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FOLDS = 5


@dataclass(frozen=True)
class Counts:
    """Rows per value and class."""

    values: list[object]  # None stands for an empty cell
    table: np.ndarray  # (value, class)

    @property
    def of_value(self) -> np.ndarray:
        return np.asarray(self.table.sum(axis=1))

    @property
    def of_class(self) -> np.ndarray:
        return np.asarray(self.table.sum(axis=0))

    @property
    def told(self) -> float:
        """Share of the rows that are of their value's most frequent class."""
        return float(self.table.max(axis=1).sum() / max(self.table.sum(), 1))


def count(values: pd.Series, code: np.ndarray) -> Counts:
    """Count the rows of each value and class; empty cells are a value, too.

    >>> count(pd.Series(["a", "b", None]), np.array([0, 1, 1])).table.tolist()
    [[1, 0], [0, 1], [0, 1]]
    """
    places, different = pd.factorize(values, use_na_sentinel=False)
    n_classes = int(code.max()) + 1
    table = np.bincount(places * n_classes + code, minlength=len(different) * n_classes)
    return Counts([None if pd.isna(value) else value for value in different], table.reshape(len(different), n_classes))


def agreement(counts: Counts, fewest: int) -> float:
    """Share of the rows on which values and classes say the same, each class matched with a value of its own.

    0 where a class has no value of its own, or is missed in more than a tenth of its rows (classes of fewer than
    `fewest` rows: in more than four tenths).

    >>> both = count(pd.Series(["x", "x", "y", "y"]), np.array([1, 1, 0, 0]))
    >>> agreement(both, fewest=1)
    1.0
    """
    table = counts.table
    best = table.argmax(axis=0)  # the value of each class
    if len(set(best.tolist())) < table.shape[1] or not table.any():
        return 0.0
    own = table[best, np.arange(table.shape[1])]
    needed = np.where(counts.of_class >= fewest, 0.9, 0.6)
    if bool((own < needed * counts.of_class).any() or (own < needed * counts.of_value[best]).any()):
        return 0.0
    return float(own.sum() / table.sum())


def average_precision(hits: np.ndarray, scores: np.ndarray) -> float:
    """The area under the precision-recall steps; rows with equal scores are taken together.

    hits : bool array, shape (n,) ; scores : float array, shape (n,)
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(hits[order])
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    precision = found[ends] / (ends + 1)
    recall_steps = np.diff(found[ends], prepend=0) / max(found[-1], 1)
    return float((precision * recall_steps).sum())


def told_by_order(numbers: np.ndarray, code: np.ndarray) -> float:
    """Share of the rows told right by one interval of numbers a class: 1 where the classes follow one another.

    The limits are drawn halfway between the classes' medians or, if that is better, where one class ends.
    """
    classes = np.unique(code)
    medians = np.array([np.median(numbers[code == kind]) for kind in classes])
    order = np.argsort(medians)
    limits = []
    for low, high in zip(classes[order][:-1], classes[order][1:], strict=True):
        below, above = numbers[code == low], numbers[code == high]
        limits.append(_limit(below, above))
    found = classes[order][np.searchsorted(limits, numbers)]
    return float((found == code).mean())


def _limit(below: np.ndarray, above: np.ndarray) -> float:
    """The cut with the fewest mistakes between two classes."""
    both = np.sort(np.concatenate([below, above]))
    cuts = np.append((both[1:] + both[:-1]) / 2, both[-1])
    missed = (len(below) - np.searchsorted(np.sort(below), cuts, side="right")) + np.searchsorted(
        np.sort(above), cuts, side="right"
    )
    return float(cuts[missed.argmin()])


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Pearson's; 0 where one of them does not vary.

    >>> correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    1.0
    """
    if np.ptp(x) <= 1e-9 * np.abs(x).max(initial=0) or np.ptp(y) <= 1e-9 * np.abs(y).max(initial=0):
        return 0.0
    return round(float(np.corrcoef(x, y)[0, 1]), 12)


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's: Pearson's correlation of the ranks."""
    ranks = pd.DataFrame({"x": x, "y": y}).rank()
    return correlation(ranks["x"].to_numpy(), ranks["y"].to_numpy())


def line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The least-squares line through the points, at each x."""
    if np.ptp(x) == 0:
        return np.full(len(y), y.mean())
    centred = (x - x.mean()) / x.std()
    return np.asarray(y.mean() + centred * (centred * (y - y.mean())).mean())


def between_neighbours(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Each row's y from the rows of other folds, by a line between its neighbours in x: any curve is followed."""
    fold = np.random.default_rng(0).permutation(np.arange(len(x)) % FOLDS)
    found = np.empty(len(x))
    for held_back in range(FOLDS):
        known = fold != held_back
        means = pd.Series(y[known]).groupby(x[known]).mean()
        found[~known] = np.interp(x[~known], means.index.to_numpy(dtype=float), means.to_numpy())
    return found


def unexplained(y: np.ndarray, found: np.ndarray) -> float:
    """Share of the spread of y that is left: 0 is exact, 1 no better than the mean."""
    spread = float(y.var())
    return float(((y - found) ** 2).mean() / spread) if spread > 0 else 1.0
