"""Folds: which rows are trained on and which are held back, by class, by group, by time, or by several of these.

Not for the web process: this imports scikit-learn.
"""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    StratifiedShuffleSplit,
)

from core.catalog import Task
from core.data.targets.target import guess_task
from core.messages import UnusableData, _, _n
from core.plan import Validation

Fold = tuple[np.ndarray, np.ndarray]


def folds(
    y: pd.Series | np.ndarray,
    validation: Validation,
    groups: np.ndarray | None = None,
    times: pd.Series | np.ndarray | None = None,
    seed: int = 0,
    task: Task | None = None,
) -> list[Fold]:
    """Positions to train on and to score on, once per fold.

    Parameters
    ----------
    y : shape (n,)
        The target; classes are spread evenly over the folds unless told not to.
    groups : shape (n,), optional
        Rows of one group are never on both sides.
    times : shape (n,), optional
        Rows held back are always later than those trained on.
    task : Task, optional
        What the target makes; for a number no rule about classes applies. Default: guessed.

    Raises
    ------
    UnusableData
        Too few rows, groups, or rows of a class for so many folds.
    """
    y = pd.Series(np.asarray(y, dtype=object)).infer_objects()
    classes = (task or guess_task(y)) != "regression"
    _enough(len(y), _n_folds(validation))
    if times is not None:
        made = folds_by_time(y, validation, groups, times)
    elif validation.kind == "search":
        made = _lenient(y, validation, groups, seed, classes and validation.stratify)
    elif validation.kind == "kfold":
        made = [
            fold
            for repeat in range(validation.repeats)
            for fold in _kfold(y, validation, groups, seed + repeat, classes and validation.stratify)
        ]
    else:
        made = _holdout(y, validation, groups, seed, classes and validation.stratify)
    if validation.kind == "search":  # whatever can be learned from; it says itself which rows it is scored by
        made = [fold for fold in made if _teaches(y, *fold, classes)] or made
    if not all(_teaches(y, *fold, classes) for fold in made):
        raise UnusableData(
            _("With these folds, some would be trained on a single class or on nothing."),
            _("Use other folds, or other groups or times."),
        )
    return made


def _enough(n_rows: int, n_folds: int) -> None:
    """Two rows a fold, at least."""
    if n_rows < 2 * n_folds:
        raise UnusableData(
            _n(
                "There is {n} row; {folds} folds need at least {needed}.",
                "There are {n} rows; {folds} folds need at least {needed}.",
            ),
            _("Use fewer folds or a larger table."),
            n=n_rows,
            folds=n_folds,
            needed=2 * n_folds,
        )


def joined_groups(*columns: np.ndarray) -> np.ndarray:
    """Groups of rows that share a value in any of the columns, directly or through others.  →  int array, shape (n,)"""
    label = np.arange(len(columns[0]))
    codes = [pd.factorize(np.asarray(column, dtype=object), use_na_sentinel=False)[0] for column in columns]
    while True:
        before = label
        for code in codes:
            smallest = np.full(code.max(initial=0) + 1, len(label))
            np.minimum.at(smallest, code, label)
            label = smallest[code]
        if np.array_equal(before, label):
            return label


def _n_folds(validation: Validation) -> int:
    return validation.folds if validation.kind == "kfold" else 2


def _lenient(y: pd.Series, validation: Validation, groups: np.ndarray | None, seed: int, stratify: bool) -> list[Fold]:
    """As many of the folds as rows and groups allow, two at least; classes are as even as their rows allow."""
    if stratify:
        _check_classes(y, 2)
    n_units = len(y) if groups is None else pd.unique(np.asarray(groups)).size
    n = max(2, min(validation.folds, n_units, len(y) // 2))
    if groups is not None:
        _check_groups(groups, n)
    return spread(y.astype(str).to_numpy(), n, groups, seed, even=stratify)


def _kfold(y: pd.Series, validation: Validation, groups: np.ndarray | None, seed: int, stratify: bool) -> list[Fold]:
    n = validation.folds
    if stratify:
        _check_classes(y, n)
    if groups is not None:
        _check_groups(groups, n)
    return spread(y.astype(str).to_numpy(), n, groups, seed, even=stratify)


def spread(labels: np.ndarray, n: int, groups: np.ndarray | None, seed: int, *, even: bool) -> list[Fold]:
    """So many folds, a group's rows in one of them; even: a class's rows in as many of them as it has rows.

    labels: of the classes, shape (n_rows,); folds can't be even where no class has a row for each
    """
    even = even and np.unique(labels, return_counts=True)[1].max() >= n
    if groups is not None:
        splitter: Any = (StratifiedGroupKFold if even else GroupKFold)(n, shuffle=True, random_state=seed)
    else:
        splitter = (StratifiedKFold if even else KFold)(n, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)  # it is in as many as it can be
        return list(splitter.split(np.zeros(len(labels)), labels, groups))


def _holdout(y: pd.Series, validation: Validation, groups: np.ndarray | None, seed: int, stratify: bool) -> list[Fold]:
    if stratify:
        _check_classes(y, 2)
    if groups is not None:
        _check_groups(groups, 2)
        parts = round(1 / validation.fraction)
        smallest = int(y.value_counts().min())
        if (
            stratify
            and abs(1 / parts - validation.fraction) < 0.02
            and 2 <= parts <= min(smallest, pd.unique(groups).size)
        ):
            folded = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
            return [next(iter(folded.split(y, y.astype(str), groups)))]
        return list(GroupShuffleSplit(1, test_size=validation.fraction, random_state=seed).split(y, y, groups))
    try:
        plain = StratifiedShuffleSplit if stratify else ShuffleSplit
        return list(plain(1, test_size=validation.fraction, random_state=seed).split(y, y.astype(str)))
    except ValueError as error:
        raise UnusableData(
            _("{share} of {n} rows are too few to hold back for {classes} classes."),
            _("Hold back more, or use folds."),
            share=format(validation.fraction, ".0%"),
            n=len(y),
            classes=y.nunique(),
        ) from error


def folds_by_time(
    y: pd.Series, validation: Validation, groups: np.ndarray | None, times: pd.Series | np.ndarray
) -> list[Fold]:
    """Blocks of time, each predicted from all before it. Equal times stay together; rows without a time only train.

    Raises
    ------
    UnusableData
        There is only one time.
    """
    when = pd.Series(times).reset_index(drop=True)
    dated = when.notna().to_numpy()
    rank = when.rank(method="dense").to_numpy()
    order = np.flatnonzero(dated)[np.argsort(rank[dated], kind="stable")]
    edges = _edges(len(order), validation)
    made = []
    for low, high in pairwise(edges):
        if low >= len(order):
            continue
        begin = rank[order[low]]
        end = rank[order[high]] if high < len(order) else np.inf
        test = np.flatnonzero(dated & (rank >= begin) & (rank < end))
        train = np.flatnonzero(~dated | (rank < begin))
        if groups is not None:
            train = train[~np.isin(np.asarray(groups)[train], np.asarray(groups)[test])]
        if len(test) and len(train):
            made.append((train, test))
    if not made:
        raise UnusableData(
            _n(
                "The times can't be cut into an earlier and a later part: there is only {n}.",
                "The times can't be cut into an earlier and a later part: there are {n} different ones.",
            ),
            _("Choose another column for time, or other folds."),
            n=int(when.nunique()),
        )
    return made


def _edges(n: int, validation: Validation) -> list[int]:
    if validation.kind in {"kfold", "search"}:
        return [round(part * n / (validation.folds + 1)) for part in range(1, validation.folds + 2)]
    return [round((1 - validation.fraction) * n), n]


def _check_classes(y: pd.Series, n: int) -> None:
    counts = y.value_counts()
    if counts.iloc[-1] < n:
        hint = _("Use fewer folds, merge or drop that class, or don't spread classes evenly.")
        steps = _("Predict it as a number (regression), use fewer folds, merge classes, or don't spread them evenly.")
        raise UnusableData(
            _n(
                "The class “{label}” has only {found} row; with every class in each of {folds} folds it needs {folds}.",
                "The class “{label}” has only {found} rows; with every class in each of {folds} folds it needs "
                "{folds}.",
                "found",
            ),
            steps if _are_steps(counts.index) else hint,
            label=str(counts.index[-1])[:60],
            found=int(counts.iloc[-1]),
            folds=n,
        )


def _are_steps(labels: pd.Index) -> bool:
    """Whether classes are numbers with an order, such as ratings."""
    return len(labels) > 2 and bool(pd.to_numeric(pd.Series(labels.astype(str)), errors="coerce").notna().all())


def _check_groups(groups: np.ndarray, n: int) -> None:
    found = pd.unique(np.asarray(groups)).size
    if found < n:
        raise UnusableData(
            _n(
                "There is only {found} group; {folds} folds need at least {folds}.",
                "There are only {found} groups; {folds} folds need at least {folds}.",
                "found",
            ),
            _("Use fewer folds or another column for groups."),
            found=found,
            folds=n,
        )


def _teaches(y: pd.Series, train: np.ndarray, test: np.ndarray, classes: bool) -> bool:
    """Whether a fold has rows on both sides, and two classes to learn from where classes are predicted."""
    return len(train) > 0 and len(test) > 0 and (not classes or y.iloc[train].nunique() >= 2)
