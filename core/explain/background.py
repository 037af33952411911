"""Few rows that stand for many: the background a hidden column takes its values from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.explain.estimate import BACKGROUND

ROUNDS = 20  # of k-medoids at most
MOST_VALUES = 10  # categories of a column that are told apart
TEXT_FEATURES = 16


def chosen(rows: pd.DataFrame, said: np.ndarray, k: int = BACKGROUND) -> tuple[np.ndarray, np.ndarray]:
    """The places of at most k rows and how much each counts.

    Rows are grouped by what the model says of them and by their numbers and categories; the row in the middle of each
    group stands for it, and counts as much as the group has rows.

    Parameters
    ----------
    rows : DataFrame, n rows
    said : array, shape (n, m)
        What the model says of each, in numbers that may be averaged.

    Returns
    -------
    places : int array, shape (k,), ascending
    weights : array, shape (k,), sum 1
    """
    if len(rows) <= k:
        return np.arange(len(rows)), np.full(len(rows), 1 / len(rows))
    apart = distances(encoded(rows, said))
    middles = _first(apart, k)
    for _round in range(ROUNDS):
        group = apart[:, middles].argmin(axis=1)
        moved = np.asarray([_middle(apart, np.flatnonzero(group == number)) for number in range(len(middles))])
        if (moved == middles).all():
            break
        middles = moved
    group = apart[:, middles].argmin(axis=1)
    sizes = np.bincount(group, minlength=len(middles))
    order = np.argsort(middles)
    return middles[order], sizes[order] / len(rows)


def encoded(rows: pd.DataFrame, said: np.ndarray) -> np.ndarray:
    """Rows as numbers, a block per column and one for what the model says, each with a variance of 1.  →  (n, d)"""
    blocks = [_spread(np.asarray(said, dtype=float).reshape(len(rows), -1))]
    for name in rows.columns:
        column = rows[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            ranks = column.rank(pct=True).fillna(0.5).to_numpy(dtype=float)
            blocks.append(_spread(np.column_stack([ranks, column.isna().to_numpy(dtype=float)])))
        else:
            words = column.astype("string").fillna("")
            common = words.value_counts().index[:MOST_VALUES]
            if len(common) * 2 <= len(rows):  # texts that are all different say nothing here; the model's words do
                blocks.append(_spread(np.column_stack([(words == value).to_numpy(dtype=float) for value in common])))
    return np.hstack(blocks)


def distances(points: np.ndarray) -> np.ndarray:
    """Euclidean distances of all pairs.  (n, d)  →  (n, n)"""
    inner = points @ points.T
    square = np.diag(inner)[:, None] + np.diag(inner)[None, :] - 2 * inner
    return np.sqrt(np.maximum(square, 0.0))


def _spread(block: np.ndarray) -> np.ndarray:
    centred = block - block.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=1).mean())
    return centred / size if size > 1e-12 else centred


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
    return int(group[apart[np.ix_(group, group)].sum(axis=1).argmin()])
