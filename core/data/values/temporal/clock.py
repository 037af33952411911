"""Times of day and durations: 22:52, 9:41 AM, 14h30, 2:32:19; all in hours."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa

from core.data.schema import Layout
from core.data.values.counted import Counted, groups

MOSTLY = 0.95
CLOCK = (
    r"^(?P<hour>\d{1,3})[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?P<part>[.,]\d{1,6})?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?$"
)
_LONG_NAME = re.compile(
    r"duration|elapsed|finish|lap|split|runtime|length|time.?taken|chip|gun|pace|dauer|laufzeit|durée|duración|时长|用时",
    re.IGNORECASE,
)


def layouts(column: Counted, name: str) -> list[Layout]:
    """The layout of a column of times, or none.

    Hours beyond a day, or a name that says so, make them durations; read in hours both are the same.

    Examples
    --------
    >>> [one.kind for one in layouts(Counted.of(pa.array(["22:52", "07:30"])), "clock")]
    ['time']
    """
    looked = column.where(~column.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(CLOCK)) < MOSTLY:
        return []
    found = hours(looked.values)
    long = bool(np.nanmax(found, initial=0.0) >= 24) or bool(_LONG_NAME.search(name))
    return [Layout(kind="duration" if long else "time", unit="h")]


def hours(values: pa.Array) -> np.ndarray:
    """Times as hours, NaN where a cell is none.

    Examples
    --------
    >>> hours(pa.array(["22:30", "9:45 PM", "2:32:24", "?"])).tolist()
    [22.5, 21.75, 2.54, nan]
    """
    parts = groups(values, CLOCK)

    def number(name: str) -> pd.Series:
        return pd.to_numeric(parts[name].to_pandas().str.replace(",", "."), errors="coerce")

    half = parts["half"].to_pandas().fillna("").str.lower().str[:1]
    hour = number("hour")
    hour = hour.where(half != "p", hour % 12 + 12).where(half != "a", hour % 12)
    seconds = number("second").fillna(0) + number("part").fillna(0)
    return ((hour * 3600 + number("minute") * 60 + seconds) / 3600).round(9).to_numpy(dtype=float)
