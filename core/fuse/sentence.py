"""A row written out as a sentence, for an encoder that reads text."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd

from core.fuse.columns import TextColumn

LONG = 100  # characters; a longer cell is told after all others, where an encoder's limit may cut it off
DIGITS = 4  # significant ones of a number that is not whole
_WHOLE = 1e15  # whole numbers beyond are no longer exact
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?")  # no leading zeros: those are codes
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_SEAM = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")  # of camelCase


class SentenceColumn(TextColumn):
    """A text encoder for whole rows: “age: 36; town: Rome; note: hello there”."""

    def texts(self, frame: pd.DataFrame) -> np.ndarray:
        """One sentence per row, shape (n,)."""
        return sentences(frame)

    def column(self, columns: list[str]) -> str:
        """Whole rows have no column's name."""
        return ""


def sentences(frame: pd.DataFrame) -> np.ndarray:
    """Every filled cell with its column's name, in column order but long ones last; ``""`` where none is filled.

    A row's sentence depends on this row alone, and is the same whether numbers and dates come as such or as text.
    """
    told: list[list[str]] = [[] for _row in range(len(frame))]
    for place, name in enumerate(frame.columns):
        label = in_words(str(name))
        column = frame.iloc[:, place]
        for parts, value, gap in zip(told, column.tolist(), column.isna().tolist(), strict=True):
            if not gap and (words := cell_words(value)):
                parts.append(f"{label}: {words}")
    return np.asarray(["; ".join(sorted(parts, key=_lateness)) for parts in told], dtype=object)


def in_words(name: str) -> str:
    """A name as a person would write it: ``late_flight``, ``late-flight`` and ``lateFlight`` → ``late flight``."""
    spaced = _SEAM.sub(" ", re.sub(r"[_\s]+|(?<=\w)-(?=\w)", " ", name))
    return spaced.strip() if spaced.isupper() or spaced == name else spaced.strip().lower()


def cell_words(value: Any) -> str:
    """A filled cell in few words: 4 significant digits, no ``.0``, ISO dates, no time where it is midnight."""
    text = " ".join(str(value).split())
    if isinstance(value, bool | np.bool_):
        return text
    if isinstance(value, date):  # a datetime and a Timestamp are dates, too
        return _moment(value)
    if isinstance(value, int | float | np.number) or _NUMBER.fullmatch(text):
        return _number(text)
    return _moment(datetime.fromisoformat(text)) if _is_date(text) else text


def _lateness(part: str) -> int:
    return len(part) if len(part) > LONG else 0


def _number(text: str) -> str:
    value = float(text)
    if not np.isfinite(value):
        return ""
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    if not 1e-4 <= abs(value) < _WHOLE:
        return f"{value:.{DIGITS}g}"
    return np.format_float_positional(value, DIGITS, unique=False, fractional=False, trim="-")


def _moment(value: date) -> str:
    if not isinstance(value, datetime) or value.time() == time():
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:  # written like a date, but no such day
        return False
    return True
