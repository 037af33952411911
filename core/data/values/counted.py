"""A column's different values with how often each occurs: what all recognisers look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.values.words import NO_ANSWER, NO_VALUE, NOTHING

SAMPLED = 1000
FEW = 200  # different values of a column that is looked at together with others
POOLED = 4096  # different values that are looked at together, about
_NOTHING, _NO_VALUE, _NO_ANSWER = (pa.array(sorted(words)) for words in (NOTHING, NO_VALUE, NO_ANSWER))
_RAISED, RAISED = "[¹²³⁰⁴⁵⁶⁷⁸⁹]", "\ue000"
_SPACES = "[\u00a0\u2007\u2009\u202f\u3000]"
_ZEROS = "\u0660\u06f0\u0966\u09e6"  # of Arabic, Persian, Devanagari and Bengali digits
_DIGITS = {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
_MARKS = {"\u066b": ".", "\u066c": "'", "\u066a": "%"}  # Arabic decimal, thousands and percent signs


@dataclass(frozen=True)
class Pool:
    """Different values of several columns: what is asked of one column is found out for all of them, and kept."""

    values: pa.Array
    known: dict[tuple[str, bool], np.ndarray] = field(default_factory=dict)  # (pattern, ignore case) → which match

    def matches(self, pattern: str, ignore_case: bool) -> np.ndarray:
        if (pattern, ignore_case) not in self.known:
            self.known[pattern, ignore_case] = _matches(self.values, pattern, ignore_case)
        return self.known[pattern, ignore_case]

    @cached_property
    def stands_for_nothing(self) -> np.ndarray:
        return _is_in(pc.utf8_lower(self.values), _NO_VALUE)

    @cached_property
    def gives_no_answer(self) -> np.ndarray:
        return _is_in(pc.utf8_lower(self.values), _NO_ANSWER)


@dataclass(frozen=True)
class Counted:
    """Different values, tidied, and how often each occurs."""

    values: pa.Array  # of strings, none missing
    counts: np.ndarray
    shared: tuple[Pool, np.ndarray] | None = None  # with other columns of few values: their pool, the places in it

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray) -> Counted:
        """The filled cells of a column of strings, without what means nothing in any column."""
        found = pc.value_counts(tidied(column.drop_null()))
        one = cls(found.field("values"), found.field("counts").to_numpy())
        return one.where(~_is_in(one.values, _NOTHING))

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def stands_for_nothing(self) -> np.ndarray:
        """Which values are words that mean “no value” where the column holds numbers or dates."""
        if self.shared is None:
            return _is_in(pc.utf8_lower(self.values), _NO_VALUE)
        pool, places = self.shared
        return np.asarray(pool.stands_for_nothing[places])

    @cached_property
    def gives_no_answer(self) -> np.ndarray:
        """Which values are words for “no answer” where the column holds yes and no, or the levels of a scale."""
        if self.shared is None:
            return _is_in(pc.utf8_lower(self.values), _NO_ANSWER)
        pool, places = self.shared
        return np.asarray(pool.gives_no_answer[places])

    def where(self, mask: np.ndarray) -> Counted:
        """Those values alone."""
        if mask.all():
            return self
        shared = self.shared and (self.shared[0], self.shared[1][mask])
        return Counted(self.values.filter(pa.array(mask)), self.counts[mask], shared)

    def few(self) -> Counted:
        """Some of the values, spread over all: they show whether it is worth to look at all of them."""
        step = len(self.values) // SAMPLED
        return self if step < 2 else self.where(np.arange(len(self.values)) % step == 0)

    def share(self, mask: np.ndarray) -> float:
        """The share of cells with these values."""
        return float(self.counts[mask].sum() / self.total) if self.total else 0.0

    def matches(self, pattern: str, ignore_case: bool = False) -> np.ndarray:
        """Which values match a regular expression (RE2).  →  bool array"""
        if self.shared is None:
            return _matches(self.values, pattern, ignore_case)
        pool, places = self.shared
        return np.asarray(pool.matches(pattern, ignore_case)[places])


def counted_together(columns: Mapping[str, pa.Array | pa.ChunkedArray]) -> Iterator[tuple[str, Counted]]:
    """Many columns, each as `Counted.of` has it, in another order; those of few values look at them together.

    To set a pattern up takes as long as to try it on a thousand values, so that of a table with thousands of columns
    each would take longer by itself than all their cells.

    Examples
    --------
    >>> dict(counted_together({"a": pa.array(["1 ", "1", "NA"]), "b": pa.array(["x"])}))["a"].counts.tolist()
    [2]
    """
    waiting: dict[str, pa.StructArray] = {}
    n_values = 0
    for name, column in columns.items():
        found = pc.value_counts(column.drop_null())
        if len(found) > FEW:
            yield name, Counted.of(column)
            continue
        waiting[name] = found
        n_values += len(found)
        if n_values >= POOLED:
            yield from _in_one_pool(waiting)
            waiting, n_values = {}, 0
    yield from _in_one_pool(waiting)


def _in_one_pool(columns: Mapping[str, pa.StructArray]) -> Iterator[tuple[str, Counted]]:
    """Columns of which the values as they stand in the file are counted."""
    if not columns:
        return
    encoded = tidied(pa.concat_arrays([one.field("values") for one in columns.values()])).dictionary_encode()
    pool, places = Pool(encoded.dictionary), encoded.indices.to_numpy()
    filled = ~_is_in(pool.values, _NOTHING)
    start = 0
    for name, one in columns.items():
        mine = places[start : start + len(one)]
        start += len(one)
        different, first, which = np.unique(mine, return_index=True, return_inverse=True)
        counts = np.bincount(which, one.field("counts").to_numpy(), len(different)).astype(np.int64)
        order = np.argsort(first)
        order = order[filled[different[order]]]
        kept = different[order]
        yield name, Counted(pool.values.take(pa.array(kept)), counts[order], (pool, kept))


def _matches(values: pa.Array, pattern: str, ignore_case: bool) -> np.ndarray:
    found = pc.match_substring_regex(values, pattern, ignore_case=ignore_case)
    return np.asarray(found.to_numpy(zero_copy_only=False))


def _is_in(values: pa.Array, words: pa.Array) -> np.ndarray:
    return np.asarray(pc.is_in(values, words).to_numpy(zero_copy_only=False))


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
