"""A column's different values with how often each occurs: what all recognisers look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.values.words import NO_ANSWER, NO_VALUE, NOTHING

SAMPLED = 1000
_RAISED, RAISED = "[¹²³⁰⁴⁵⁶⁷⁸⁹]", "\ue000"
_SPACES = "[\u00a0\u2007\u2009\u202f\u3000]"
_ZEROS = "\u0660\u06f0\u0966\u09e6"  # of Arabic, Persian, Devanagari and Bengali digits
_DIGITS = {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
_MARKS = {"\u066b": ".", "\u066c": "'", "\u066a": "%"}  # Arabic decimal, thousands and percent signs


@dataclass(frozen=True)
class Counted:
    """Different values, tidied, and how often each occurs."""

    values: pa.Array  # of strings, none missing
    counts: np.ndarray

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray) -> Counted:
        """The filled cells of a column of strings, without what means nothing in any column."""
        found = pc.value_counts(tidied(column.drop_null()))
        values, counts = found.field("values"), found.field("counts").to_numpy()
        filled = pc.invert(pc.is_in(values, pa.array(sorted(NOTHING))))
        return cls(values.filter(filled), counts[filled.to_numpy(zero_copy_only=False)])

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def stands_for_nothing(self) -> np.ndarray:
        """Which values are words that mean “no value” where the column holds numbers or dates."""
        lower = pc.utf8_lower(self.values)
        return pc.is_in(lower, pa.array(sorted(NO_VALUE))).to_numpy(zero_copy_only=False)

    @cached_property
    def gives_no_answer(self) -> np.ndarray:
        """Which values are words for “no answer” where the column holds yes and no, or the levels of a scale."""
        lower = pc.utf8_lower(self.values)
        return pc.is_in(lower, pa.array(sorted(NO_ANSWER))).to_numpy(zero_copy_only=False)

    def where(self, mask: np.ndarray) -> Counted:
        """Those values alone."""
        return Counted(self.values.filter(pa.array(mask)), self.counts[mask])

    def few(self) -> Counted:
        """Some of the values, spread over all: they show whether it is worth to look at all of them."""
        step = len(self.values) // SAMPLED
        return self if step < 2 else self.where(np.arange(len(self.values)) % step == 0)

    def share(self, mask: np.ndarray) -> float:
        """The share of cells with these values."""
        return float(self.counts[mask].sum() / self.total) if self.total else 0.0

    def matches(self, pattern: str, ignore_case: bool = False) -> np.ndarray:
        """Which values match a regular expression (RE2).  →  bool array"""
        found = pc.match_substring_regex(self.values, pattern, ignore_case=ignore_case)
        return found.to_numpy(zero_copy_only=False)


def tidied(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Without blanks around them; full-width signs, fixed blanks, other digits and true minus signs as on a keyboard.

    Examples
    --------
    >>> tidied(pa.array(["１２３ ", "٣٫٥"])).to_pylist()
    ['123', '3.5']
    """
    if not pc.all(pc.string_is_ascii(column)).as_py():
        column = pc.replace_substring_regex(pc.replace_substring_regex(column, "m²", "m2"), "m³", "m3")
        column = pc.replace_substring_regex(column, _RAISED, RAISED)  # a footnote or a power is no digit of the number
        column = pc.utf8_normalize(column, form="NFKC")
        column = pc.replace_substring_regex(column, _SPACES, " ")
        column = pc.replace_substring(column, "\u2212", "-")
        column = _with_european_digits(column)
    return pc.utf8_trim_whitespace(column)


def _with_european_digits(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Arabic, Persian, Devanagari and Bengali digits as 0 to 9."""
    signs = _DIGITS | _MARKS
    if not pc.any(pc.match_substring_regex(column, f"[{''.join(signs)}]")).as_py():
        return column
    for sign, plain in signs.items():
        column = pc.replace_substring(column, sign, plain)
    return column


def groups(values: pa.Array, pattern: str) -> dict[str, pa.Array]:
    """The named groups of a regular expression (RE2): null where it does not match, "" where a group is empty.

    Examples
    --------
    >>> groups(pa.array(["12 cm", "?"]), r"^(?P<number>\\d+) (?P<unit>.*)$")["unit"].to_pylist()
    ['cm', None]
    """
    parts = pc.extract_regex(values, pattern)
    return {part.name: pc.struct_field(parts, part.name) for part in parts.type}
