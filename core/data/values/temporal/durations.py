"""Durations in words: 1h 20m, 45 min 10 s, PT41M33S, 2 days 03:00:00; in the unit that their layout says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted, groups
from core.data.values.temporal.clock import IN_MINUTES, hours, minutes

MOSTLY = 0.95
COMPOUND = 0.1  # of the cells at least name two units
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
SHORT = 120.0  # seconds: where most are shorter, they are told in seconds
_N = r"(?P<{}>\d+(?:[.,]\d+)?)\s*"
_AND = r"\s*(?:,|;|and|und|et|y|e|en)?\s*"
_DAYS = "d|days?|Tage?|jours?|j|días?|dias?|giorn[oi]|dag(?:en|ar|er)?|dni|天|日"
_HOURS = "h|hrs?|hours?|Std\\.?|Stunden?|heures?|horas?|or[ae]|uur|godz\\.?|小时|時間"
_MINUTES = "m|mins?\\.?|minut(?:e|es|en|o|os|i|er)?|分钟|分|'|′"
_LAST = "s|secs?\\.?|seconds?|Sek\\.?|Sekunden?|secondes?|segundos?|second[oi]|sekund(?:er)?|秒|\"|″|''"
_WORDED = (
    rf"(?i)^(?P<sign>-)?(?:{_N.format('days')}(?:{_DAYS}){_AND})?(?:{_N.format('hours')}(?:{_HOURS}){_AND})?"
    rf"(?:{_N.format('minutes')}(?:{_MINUTES}){_AND})?(?:{_N.format('seconds')}(?:{_LAST}))?$"
)
_DAYS_AND_CLOCK = (
    rf"(?i)^(?P<sign>-)?(?P<days>\d+)\s*(?:{_DAYS}),?\s+\+?"
    r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d(?:\.\d{1,9})?))?$"
)
_ISO = (
    r"^(?P<sign>-)?P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?$"
)
_PATTERNS = (_WORDED, _DAYS_AND_CLOCK, _ISO)
_ANY = "|".join(f"(?:{re.sub('[?]P<[a-z]+>', '?:', pattern)})" for pattern in _PATTERNS)
_SEVERAL = r"\d[^\d]*[^\d.,\s][^\d]*\d|^-?P"  # where several units are named, at least
_SIZES = {"days": 86_400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0}


def layouts(column: Counted) -> list[Layout]:
    """The layout of durations in words, of which some name two units; or none.

    Examples
    --------
    >>> [one.unit for one in layouts(Counted.of(pa.array(["1h 20m", "45m"])))]
    ['min']
    """
    looked = column.where(~column.stands_for_nothing)
    if not (_are_durations(looked.few()) and _are_durations(looked)):
        return []
    found = _worded(looked.values)[0]
    middle = float(np.nanmedian(np.repeat(np.abs(found), np.minimum(looked.counts, 1000))))
    return [Layout(kind="duration", unit="s" if middle < SHORT else "min")]


def _are_durations(column: Counted) -> bool:
    if not column.total or column.share(column.matches(r"^-?(?:P|\d)")) < MOSTLY:
        return False
    if column.share(column.matches(_SEVERAL)) < COMPOUND or column.share(column.matches(_ANY)) < MOSTLY:
        return False
    found, several = _worded(column.values)
    return column.share(~np.isnan(found)) >= MOSTLY and column.share(several) >= COMPOUND


def lengths(values: pa.Array, layout: Layout) -> np.ndarray:
    """Durations in the unit of their layout, hours without one, NaN where a cell is none; those of a clock as well.

    Examples
    --------
    >>> cells = pa.array(["1h 20m", "PT90S", "1 day 01:00:00", "1:30:00", "?"])
    >>> lengths(cells, Layout(kind="duration", unit="min")).tolist()
    [80.0, 1.5, 1500.0, 90.0, nan]
    """
    unit, worded = layout.unit or "h", _worded(values)[0]
    on_clock = minutes(values) / 60 if IN_MINUTES in layout.formats else hours(values)
    if unit == "h":
        return np.where(np.isnan(on_clock), worded / SECONDS["h"], on_clock)
    return np.round(np.where(np.isnan(worded), on_clock * SECONDS["h"], worded) / SECONDS[unit], 9)


def _worded(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Seconds, NaN where a cell is no duration in words, and which cells name several units."""
    seconds, several = np.full(len(values), np.nan), np.zeros(len(values), dtype=bool)
    for pattern in _PATTERNS:
        parts = groups(values, pattern)
        fields = pd.DataFrame({name: _number(parts[name]) for name in _SIZES})
        given = fields.notna().sum(axis=1).to_numpy()
        total = (fields.fillna(0) * pd.Series(_SIZES)).sum(axis=1).to_numpy()
        total = np.where(
            pc.fill_null(pc.equal(parts["sign"], "-"), False).to_numpy(zero_copy_only=False), -total, total
        )
        fits = (given > 0) & np.isnan(seconds)
        seconds = np.where(fits, total, seconds)
        several |= fits & ((given > 1) | (pattern == _ISO))
    return seconds, several


def _number(field: pa.Array) -> pd.Series:
    return pd.to_numeric(field.to_pandas().str.replace(",", "."), errors="coerce")
