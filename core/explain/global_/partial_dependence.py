"""Partial dependence and individual lines: what the output would be if one column had this value.

References
----------
Friedman, "Greedy function approximation: a gradient boosting machine", 2001 (partial dependence).
Goldstein et al., "Peeking inside the black box", 2015 (individual conditional expectation).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.explain.global_.estimate import EFFECT_LINES, EFFECT_PLACES

MEAN = -1  # stands for the row of the average


def places(values: pd.Series, *, ordered: bool) -> pd.Series:
    """Cells to put into the column: spread over the quantiles of numbers and dates, the most frequent of categories."""
    known = values.dropna()
    if ordered:
        known = known.sort_values()
        spread = np.linspace(0, max(0, len(known) - 1), EFFECT_PLACES).round().astype(int)
        return known.iloc[np.unique(spread)].drop_duplicates() if len(known) else known
    frequent = known.value_counts().index[:EFFECT_PLACES]
    return pd.Series(frequent, dtype=values.dtype)


def effect(
    outputs: Callable[[pd.DataFrame], np.ndarray], rows: pd.DataFrame, name: str, cells: pd.Series
) -> np.ndarray:
    """The output of each row with each of the cells in the column.  n rows, m cells  →  (n, m, classes)"""
    repeated = rows.loc[rows.index.repeat(len(cells))].reset_index(drop=True)
    repeated[name] = cells.take(np.tile(np.arange(len(cells)), len(rows))).array
    return outputs(repeated).reshape(len(rows), len(cells), -1)


def lines(found: np.ndarray, name: str, positions: list[int], cells: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """The mean over all rows, and some rows' own lines, as ``effects.parquet`` has them.

    found: (n, m, classes); cells: ``number`` and ``word`` of each of the m cells.
    Columns: column, place (0 … m−1), number, word, row (−1: the mean), label, value.
    """
    shown = np.concatenate([found.mean(axis=0, keepdims=True), found[:EFFECT_LINES]])
    rows = np.asarray([MEAN, *positions[: len(shown) - 1]])
    n_rows, n_cells, n_classes = shown.shape
    row, place, label = (axis.ravel() for axis in np.indices((n_rows, n_cells, n_classes)))
    return pd.DataFrame(
        {
            "column": name,
            "place": place,
            "number": cells["number"].to_numpy()[place],
            "word": cells["word"].to_numpy()[place],
            "row": rows[row],
            "label": np.asarray(labels or [""], dtype=object)[label],
            "value": shown.ravel(),
        }
    )
