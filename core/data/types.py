"""What the values of a column are, decided over the whole column while it streams by: numbers, dates or words.

Careful on purpose: `007` stays a word, `1,234` alone is not taken for a number (it may be 1.234 elsewhere), and what
marks a missing value depends on what the rest of the column is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.messages import Message, _, say

MISSING_WORDS = pa.array(["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"])
MISSING_NUMBERS = pa.array(
    [*MISSING_WORDS.to_pylist(), "n/a", "None", "none", "?", "-", "--", ".", "inf", "-inf", "Infinity", "-Infinity"]
)
TIMESTAMP = pa.timestamp("us")
_DATE_LIKE = re.compile(r"\d{1,4}\s?[-/.年 ]\s?(\d{1,2}|[A-Za-z]{3,9})[-/.月, ]|^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}")
_FEW = 100
_DAYS = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d-%b-%Y",
    "%Y年%m月%d日",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}")
_GROUPED = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"
_SURELY_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+|,\d{3})$"
_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
_SURELY_COMMA = r"(,\d{1,2}|,\d{4,}|\.\d{3},\d+|^[+-]?0,\d+|^[+-]?\d{4,},\d+)$"


@dataclass
class ColumnType:
    """Narrows down what a column can be, block by block.

    `kind` after the last block: ``empty``, ``integer``, ``float``, ``grouped`` (1,234.5), ``comma`` (1.234,5),
    ``date`` or ``text``.
    """

    name: str
    candidates: list[str] = field(default_factory=lambda: ["integer", "float", "grouped", "comma", "date"])
    formats: list[str] | None = None  # date formats still possible
    seen: bool = False
    sure: set[str] = field(default_factory=set)  # of "grouped" and "comma": not just possible but plain
    points: bool = False  # a plain number with a decimal point was seen
    commas: bool = False

    def see(self, array: pa.Array) -> None:
        """Take note of a block of strings."""
        if not self.candidates:
            return
        filled = array.filter(pc.not_equal(array, ""))
        if len(filled) == 0:
            return
        if _numbers(filled) is None:
            filled = pc.utf8_trim_whitespace(filled)
            filled = filled.filter(pc.invert(pc.is_in(filled, MISSING_NUMBERS)))
        if len(filled) == 0:
            return
        self.seen = True
        self._narrow(filled)

    def _narrow(self, filled: pa.Array) -> None:
        if _padded(filled):
            self.candidates = []
            return
        numbers = _numbers(filled)
        if numbers is not None:
            self._drop("date")
            if "integer" in self.candidates and not _integers(filled):
                self._drop("integer")
            self.points = self.points or bool(pc.any(pc.match_substring(filled, ".")).as_py())
            return
        self._drop("integer", "float")
        if "date" in self.candidates and not self._dates(filled):
            self._drop("date")
        for kind, pattern, sure in (("grouped", _GROUPED, _SURELY_GROUPED), ("comma", _COMMA, _SURELY_COMMA)):
            if kind in self.candidates:
                if not _all_match(filled, pattern):
                    self._drop(kind)
                elif pc.any(pc.match_substring_regex(filled, sure)).as_py():
                    self.sure.add(kind)

    def _drop(self, *kinds: str) -> None:
        self.candidates = [kind for kind in self.candidates if kind not in kinds]

    def _dates(self, filled: pa.Array) -> bool:
        first = filled.slice(0, 20).to_pylist()
        if not all(_DATE_LIKE.search(value) for value in first):
            return False
        if self.formats is None:
            every = ["ISO8601"] if all(_ISO.match(value) for value in first) else _formats()
            self.formats = [layout for layout in every if _parses(first, layout)]
        values = pc.unique(filled).to_pylist() if self.formats else []
        self.formats = [layout for layout in self.formats if _parses(values, layout)]
        return bool(self.formats)

    @property
    def kind(self) -> str:
        if not self.candidates:
            return "text"
        if not self.seen:
            return "empty"
        for kind in ("integer", "float", "date"):
            if kind in self.candidates:
                return kind
        unambiguous = [kind for kind in self.candidates if kind in self.sure]
        if unambiguous == ["comma"] and self.points:
            return "text"
        return unambiguous[0] if len(unambiguous) == 1 else "text"

    @property
    def arrow(self) -> pa.DataType:
        return {
            "integer": pa.int64(),
            "float": pa.float64(),
            "grouped": pa.float64(),
            "comma": pa.float64(),
            "date": TIMESTAMP,
        }.get(self.kind, pa.string())

    def notes(self) -> list[Message]:
        """What was decided that a reader may want to know."""
        if self.kind == "grouped":
            return [say(_("In “{column}” the comma separates thousands, as in 1,234.5."), column=self.name)]
        if self.kind == "comma":
            return [say(_("In “{column}” the comma is the decimal mark, as in 3,5."), column=self.name)]
        if self.kind == "text" and self.candidates:
            return [
                say(
                    _("“{column}” may be numbers, but its commas can mean two things, so it stays text."),
                    column=self.name,
                )
            ]
        if self.kind == "date" and self.formats and len({_day_first(layout) for layout in self.formats}) > 1:
            first = say(_("day")) if _day_first(self.formats[0]) else say(_("month"))
            return [
                say(
                    _("The dates in “{column}” could be day or month first; they were read {first} first."),
                    column=self.name,
                    first=first,
                )
            ]
        return []

    def convert(self, array: pa.Array) -> pa.Array:
        """A block of strings as what the column was found to be."""
        kind = self.kind
        if kind in ("text", "empty"):
            return _without(array, MISSING_WORDS)
        array = _without(pc.utf8_trim_whitespace(array), MISSING_NUMBERS)
        if kind == "date":
            return _timestamps(array, (self.formats or ["ISO8601"])[0])
        if kind == "grouped":
            array = pc.replace_substring(array, ",", "")
        elif kind == "comma":
            array = pc.replace_substring(pc.replace_substring(array, ".", ""), ",", ".")
        array = pc.replace_substring_regex(array, r"^\+", "") if kind in ("grouped", "comma") else array
        numbers = pc.cast(array, self.arrow)
        if self.arrow == pa.float64():
            numbers = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
        return numbers


def _without(array: pa.Array, missing: pa.Array) -> pa.Array:
    marks = pc.is_in(array, missing)
    return pc.if_else(marks, pa.scalar(None, pa.string()), array) if pc.any(marks).as_py() else array


def _numbers(filled: pa.Array) -> pa.Array | None:
    if len(filled) > _FEW and _numbers(filled.slice(0, _FEW)) is None:  # where a cast fails it is slow
        return None
    try:
        return pc.cast(filled, pa.float64())
    except pa.ArrowInvalid:
        return None


def _all_match(filled: pa.Array, pattern: str) -> bool:
    if len(filled) > _FEW and not _all_match(filled.slice(0, _FEW), pattern):
        return False
    return bool(pc.all(pc.match_substring_regex(filled, pattern)).as_py())


def _integers(filled: pa.Array) -> bool:
    if len(filled) > _FEW and not _integers(filled.slice(0, _FEW)):
        return False
    try:
        pc.cast(filled, pa.int64())
    except pa.ArrowInvalid:
        return False
    return True


def _padded(filled: pa.Array) -> bool:
    """A number with leading zeros, or with more digits than a number can hold: a name, not a quantity."""
    zero = pc.or_(pc.starts_with(filled, "0"), pc.starts_with(filled, "-0"))
    if pc.any(zero).as_py() and pc.any(pc.match_substring_regex(filled.filter(zero), r"^-?0\d+$")).as_py():
        return True
    long = pc.greater(pc.binary_length(filled), 18)
    return bool(pc.any(long).as_py() and pc.any(pc.match_substring_regex(filled.filter(long), r"^-?\d+$")).as_py())


def _formats() -> list[str]:
    return [day + time for day in _DAYS for time in _TIMES]


def _day_first(layout: str) -> bool:
    return layout.startswith("%d")


def _parses(values: list[str], layout: str) -> bool:
    try:
        pd.to_datetime(pd.Series(values, dtype="object"), format=layout, errors="raise", utc=layout == "ISO8601")
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def _timestamps(array: pa.Array, layout: str) -> pa.Array:
    values = pd.Series(array.to_pylist(), dtype="object")
    dates = pd.to_datetime(values, format=layout, errors="coerce", utc=layout == "ISO8601")
    if dates.dt.tz is not None:
        dates = dates.dt.tz_convert(None)
    return pa.array(dates.astype("datetime64[us]"), type=TIMESTAMP, from_pandas=True)
