"""Inner splits: training rows divided once more, by what binds them together, to choose, weigh, calibrate or stop.

Not for the web process: this imports scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from core.catalog import Task
from core.data.duplicates import cleaning
from core.data.splits.folds import Fold, folds_by_time, spread
from core.messages import UnusableData
from core.plan import Validation

MOST_HELD_BACK = 1 / 3  # of the rows; where groups are so few that it would be more, none is held back


@dataclass(frozen=True)
class Dependence:
    """How rows depend on each other; it travels with training rows to every split that is made inside a fold.

    Attributes
    ----------
    groups : int array, shape (n,), or None
        Rows that share one are never on both sides.
    times : float array, shape (n,), or None
        Rows held back are later than those trained on; NaN: not known, the row is only trained on.
    """

    groups: np.ndarray | None = None
    times: np.ndarray | None = None

    def take(self, places: np.ndarray) -> Dependence:
        """That of some of the rows."""
        return Dependence(
            None if self.groups is None else self.groups[places], None if self.times is None else self.times[places]
        )

    def with_independent(self, n: int) -> Dependence:
        """The same with n more rows behind: each a group of its own, without a time."""
        groups, times = self.groups, self.times
        if groups is not None:
            groups = np.concatenate([groups, groups.max(initial=-1) + 1 + np.arange(n)])
        if times is not None:
            times = np.concatenate([times, np.full(n, np.nan)])
        return Dependence(groups, times)


def of_texts(X: pd.DataFrame, texts: Sequence[str]) -> Dependence:
    """Of a table about which nothing else is known: rows with nearly the same texts are a group."""
    return Dependence(cleaning.groups(X, list(texts)) if texts else None)


def inner_folds(
    task: Task, y: np.ndarray, seed: int, n_folds: int = 3, dependence: Dependence | None = None
) -> list[Fold]:
    """Folds of training rows: later rows from earlier ones, groups on one side, classes spread evenly.

    By time, the earliest rows are in no test part. Where there are fewer groups than folds, there is a fold per group.
    Only where rows can't be divided so that two classes are trained on (a single group, say), they are divided as if
    they did not depend on each other.

    Parameters
    ----------
    y : shape (n,)
        Class numbers, or numbers.
    """
    made: list[Fold] = []
    if dependence is not None and dependence.times is not None:
        made = _learnable(task, y, _later(y, n_folds, dependence))
    if not made and dependence is not None and dependence.groups is not None:
        made = _learnable(task, y, _grouped(task, y, seed, n_folds, dependence.groups))
    return made or _plain(task, y, seed, n_folds)


def held_back(
    task: Task, y: np.ndarray, share: float, seed: int, dependence: Dependence | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """About this share of training rows to stop a training by: the latest ones, or whole groups, or any.

    Returns
    -------
    places to train on, places held back
        Both sorted; nothing is held back where the smallest part that groups allow is more than a third.
    """
    every, n_held = np.arange(len(y)), round(share * len(y))
    if dependence is not None and dependence.times is not None:
        made = _learnable(task, y, _by_time(y, Validation(kind="holdout", fraction=share), dependence))
        if made:
            return made[0]
    if dependence is not None and dependence.groups is not None:
        made = _learnable(task, y, _grouped(task, y, seed, round(1 / share), dependence.groups))
        if made:
            train, held = min(made, key=lambda fold: abs(len(fold[1]) - n_held))
            return (train, held) if len(held) <= MOST_HELD_BACK * len(y) else (every, every[:0])
    counts = np.bincount(y) if task != "regression" else np.array([0])
    kind = StratifiedShuffleSplit if counts.min() >= 2 and len(counts) <= n_held else ShuffleSplit
    train, held = next(kind(1, test_size=n_held, random_state=seed).split(every, y))
    return np.sort(train), np.sort(held)


def fit_with(estimator: Any, X: Any, y: Any, dependence: Dependence | None, **fit_params: Any) -> Any:
    """Fit an estimator, and say how rows depend on each other to one that divides them once more.  →  the estimator"""
    last, prefix = (
        (estimator.steps[-1][1], f"{estimator.steps[-1][0]}__") if isinstance(estimator, Pipeline) else (estimator, "")
    )
    if dependence is not None and has_fit_parameter(last, "dependence"):
        fit_params[f"{prefix}dependence"] = dependence
    return estimator.fit(X, y, **fit_params)


def _later(y: np.ndarray, n_folds: int, dependence: Dependence) -> list[Fold]:
    return _by_time(y, Validation(folds=n_folds), dependence)


def _by_time(y: np.ndarray, validation: Validation, dependence: Dependence) -> list[Fold]:
    """None where all rows are of one time."""
    try:
        return folds_by_time(pd.Series(y), validation, dependence.groups, dependence.times)
    except UnusableData:
        return []


def _grouped(task: Task, y: np.ndarray, seed: int, n_folds: int, groups: np.ndarray) -> list[Fold]:
    """None where there is one group, or each row is a group of its own."""
    n_groups = len(np.unique(groups))
    if not 2 <= n_groups < len(groups):
        return []
    return spread(y, min(n_folds, n_groups), groups, seed, even=task != "regression")


def _plain(task: Task, y: np.ndarray, seed: int, n_folds: int) -> list[Fold]:
    return spread(y, n_folds, None, seed, even=task != "regression")


def _learnable(task: Task, y: np.ndarray, made: list[Fold]) -> list[Fold]:
    """Those folds that train on two classes; all of them where numbers are predicted."""
    return [fold for fold in made if task == "regression" or len(np.unique(y[fold[0]])) > 1]
