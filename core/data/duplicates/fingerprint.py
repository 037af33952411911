"""Fingerprints of cells: equal for equal values in equal order, whatever file they were read from."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

ROWS_AT_ONCE = 50_000


def of_column(cells: pd.Series | np.ndarray) -> str:
    """SHA-256 over a column's type, its cells in order and which of them are missing.

    Examples
    --------
    >>> of_column(np.array([1.0, np.nan])) == of_column(np.array([1.0, np.nan]))
    True
    >>> of_column(np.array(["a", "b"], dtype=object)) == of_column(np.array(["b", "a"], dtype=object))
    False
    """
    column = cells if isinstance(cells, pd.Series) else pd.Series(cells)
    digest = hashlib.sha256(f"{column.dtype}|{len(column)}".encode())
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biufmM"
    for start in range(0, len(column), ROWS_AT_ONCE):
        part = column.iloc[start : start + ROWS_AT_ONCE]
        missing = part.isna().to_numpy(dtype=bool)
        digest.update(missing.tobytes())
        known = part[~missing]
        digest.update(known.to_numpy().tobytes() if plain else _words(known))
    return digest.hexdigest()


def of_array(values: np.ndarray) -> str:
    """SHA-256 over an array of numbers: its type, its shape and its bytes."""
    return hashlib.sha256(f"{values.dtype}|{values.shape}".encode() + values.tobytes()).hexdigest()


def _words(cells: pd.Series) -> bytes:
    """Cells of any type as bytes: each behind its type and its length, so that none can pass for another."""
    texts = [f"{type(cell).__name__}:{cell}".encode("utf-8", "surrogatepass") for cell in cells.tolist()]
    return np.array([len(text) for text in texts], dtype="<i8").tobytes() + b"".join(texts)
