"""Keys as they are compared: trimmed words, numbers by their value, moments by their day and time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from core.data.values.words import NOTHING


@dataclass(frozen=True)
class Keys:
    """The keys of a column: the different ones in order of appearance, and for each row which it has."""

    values: pd.Index  # of str, as they are compared
    shown: list[str]  # as the first row that has each writes it
    codes: np.ndarray  # (rows,) position in `values`; -1: this row has no key

    @property
    def n_rows(self) -> np.ndarray:
        """How many rows have each."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))

    @property
    def first_rows(self) -> np.ndarray:
        """The first row that has each."""
        first = np.full(len(self.values), len(self.codes), dtype=np.int64)
        filled = np.flatnonzero(self.codes >= 0)
        np.minimum.at(first, self.codes[filled], filled)
        return first


def both(left: pa.ChunkedArray, right: pa.ChunkedArray, *, ignore_case: bool = False) -> tuple[Keys, Keys]:
    """The keys of two columns, written so that equal ones are equal strings.

    Where one column holds numbers, the other's words that are numbers are taken as such: “007” is 7. Two columns of
    words stay words.

    Examples
    --------
    >>> left, right = both(pa.chunked_array([[7, 12]]), pa.chunked_array([["007", " 12 ", "B2"]]))
    >>> list(left.values), list(right.values)
    (['7', '12'], ['7', '12', 'B2'])
    """
    as_numbers = _numeric(left.type) or _numeric(right.type)
    return keys(left, as_numbers, ignore_case), keys(right, as_numbers, ignore_case)


def keys(column: pa.ChunkedArray, as_numbers: bool = False, ignore_case: bool = False) -> Keys:
    """The keys of one column."""
    cells, places = _different(column)
    compared = [_compared(cell, as_numbers=as_numbers, ignore_case=ignore_case) for cell in cells]
    per_cell, values = pd.factorize(pd.Series(compared, dtype=object))
    codes = np.where(places >= 0, per_cell[places], -1) if cells else places
    codes, values = _by_appearance(codes, values)
    written: dict[str, str] = {}
    for cell, one in zip(cells, compared, strict=True):
        if one is not None:
            written.setdefault(one, str(cell).strip() if isinstance(cell, str) else one)
    return Keys(pd.Index(values, dtype=object), [written[value] for value in values], codes)


def _different(column: pa.ChunkedArray) -> tuple[list[Any], np.ndarray]:
    """The different cells, and for each row the position of its own; -1 where there is none."""
    if pa.types.is_nested(column.type):  # Arrow tells only plain cells apart
        column = pa.chunked_array([[None if cell is None else str(cell) for cell in column.to_pylist()]], pa.string())
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if not encoded.num_chunks:
        return [], np.empty(0, np.int64)
    encoded = encoded.unify_dictionaries()
    places = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    return encoded.chunk(0).dictionary.to_pylist(), np.concatenate(places).astype(np.int64)


def _by_appearance(codes: np.ndarray, values: pd.Index) -> tuple[np.ndarray, pd.Index]:
    """Codes renumbered by the first row that has each."""
    filled = codes >= 0
    renumbered = np.full(len(codes), -1, np.int64)
    renumbered[filled], order = pd.factorize(codes[filled])
    return renumbered, values[order]


def _numeric(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _compared(cell: Any, *, as_numbers: bool, ignore_case: bool) -> str | None:
    """A cell as a key; None where it holds nothing."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell)
    if isinstance(cell, date):
        day = cell.isoformat()  # a moment is a date, too
        return day.removesuffix("T00:00:00")
    word = str(cell).strip()
    number = _as_number(word) if as_numbers else None
    if number is not None or word in NOTHING:
        return number
    return word.casefold() if ignore_case else word


def _as_number(word: str) -> str | None:
    try:
        number = float(word)
    except ValueError:
        return None
    whole = word.lstrip("+-").isdigit()
    return (_number(int(word)) if whole else _number(number)) if math.isfinite(number) else None


def _number(number: int | float) -> str:
    """The same string for 3 and 3.0, however large."""
    return str(int(number)) if math.isfinite(number) and number == int(number) else repr(number)
