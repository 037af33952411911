"""Marks beside numbers that are no part of them: footnotes (12.5*, 1234[a], 3,400 (e)) and flags (7.1 p)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.values.counted import RAISED, Counted
from core.data.values.numeric.units import known
from core.data.values.words import FLAGS

_FOOTNOTE = (
    r"\s?(?:[*†‡§#]{1,3}|\[(?:\p{L}{1,2}|\d{1,2})\]|\((?:"
    rf"[{FLAGS}a]|est\.?|prov\.?|prelim\.?|rev\.?|estimated|provisional|revised)\)|{RAISED}+)"
)
_FLAG = rf" [{FLAGS}]{{1,2}}"
_NUMBER = r"^[<>≤≥~≈]?\s?[-+(]?[^\d\s]{0,3}\s?[\d.,][\d.,'’ ]*"
_MARKED = rf"({_NUMBER}[^\d\s*†‡§#\[(]{{0,4}}?)(?:{_FOOTNOTE}){{1,3}}$"
_FLAGGED = rf"^([-+]?[\d.,][\d.,' ]*){_FLAG}$"
_ENDS_MARKED = rf"[*†‡§#\]){RAISED}]$"
_ENDS_FLAGGED = rf"[*†‡§#\])a-z{RAISED}]$"
_BARE = r"^[-+]?\d[\d.,' ]*$"
LEAST_BARE = 0.5  # share of the numbers, at least, that stand without a letter, where there is one letter only


def unmarked(values: pa.Array, flagged: bool = False) -> tuple[pa.Array, np.ndarray]:
    """Cells without their marks, and which had one.

    Parameters
    ----------
    flagged : bool
        Letters behind a blank are flags, and no units.

    Examples
    --------
    >>> cells, marked = unmarked(pa.array(["12.5*", "3,400 (e)", "7.1 p", "8"]), flagged=True)
    >>> cells.to_pylist(), marked.tolist()
    (['12.5', '3,400', '7.1', '8'], [True, True, True, False])
    """
    ends = _ENDS_FLAGGED if flagged else _ENDS_MARKED
    if not pc.any(pc.match_substring_regex(values, ends)).as_py():  # of most columns
        return values, np.zeros(len(values), dtype=bool)
    bare = pc.replace_substring_regex(values, _MARKED, r"\1")
    if flagged:
        bare = pc.replace_substring_regex(bare, _FLAGGED, r"\1")
    marked = pc.not_equal(bare, values)
    bare = pc.if_else(marked, pc.utf8_rtrim_whitespace(bare), bare)  # the blank before the mark
    return bare, marked.to_numpy(zero_copy_only=False)


def has_flags(column: Counted) -> bool:
    """Whether letters behind a blank are flags: there are several, or most numbers have none, and they are no units.

    Examples
    --------
    >>> has_flags(Counted.of(pa.array(["7.1 p", "6.5", "6.4"]))), has_flags(Counted.of(pa.array(["7.1 g", "6.5", "6"])))
    (True, False)
    """
    with_flag = column.matches(_FLAGGED)
    if not with_flag.any():
        return False
    letters = {str(cell).rsplit(" ", 1)[1] for cell in column.where(with_flag).values.to_pylist()}
    bare = int(column.counts[column.matches(_BARE)].sum())
    if all(map(known, letters)):
        return False
    return bare > 0 and (len(letters) > 1 or bare >= LEAST_BARE * (bare + int(column.counts[with_flag].sum())))
