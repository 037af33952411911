"""Years that are told roughly: c. 1900, 1930s, late 1980s, 1850?, 1920年代; the year in them is taken, as a number."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa

from core.data.schema import Layout
from core.data.values.counted import Counted, groups

MOSTLY, HALF = 0.95, 0.5
YEAR = "year"  # a format, of a number
_YEAR = (
    r"(?i)^(?P<about>(?:ca?|cca|circa|about|around|approx|um|vers|env|early|mid|late|the|~|≈)[.\s-]*)*"
    r"(?P<year>1[0-9]\d{2}|20\d{2})(?P<decade>(?:'|’)?s|年代|er(?: Jahre)?)?\s*(?P<doubt>\(?\?\)?)?$"
)
_DECADE = r"^\d{3}0(?:'|’)?s$"
_SECONDS_NAME = re.compile(r"sec|dur|time|timeout|latenc|ttl|wait|interval|delay|elapsed", re.IGNORECASE)


def layout(column: Counted, name: str) -> Layout | None:
    """The layout of years of which some are told roughly; none where all are plain, or something else.

    1900s may be seconds, where every cell is written so and the name says that it measures time.

    Examples
    --------
    >>> layout(Counted.of(pa.array(["c. 1900", "1912", "1930s"])), "built").formats
    ['year']
    """
    looked = column.where(~column.stands_for_nothing)
    few = looked.few()
    if few.share(few.matches(_YEAR)) < HALF:
        return None
    plain = looked.matches(r"^\d+$")
    if not looked.total or plain.all() or looked.share(looked.matches(_YEAR)) < MOSTLY:
        return None
    if looked.matches(_DECADE).all() and _SECONDS_NAME.search(name):
        return None
    return Layout(kind="number", formats=[YEAR])


def years(values: pa.Array) -> np.ndarray:
    """The years in cells, of a decade its first; NaN where there is none.

    Examples
    --------
    >>> years(pa.array(["c. 1900", "1930s", "late 1980s", "1912", "some"])).tolist()
    [1900.0, 1930.0, 1980.0, 1912.0, nan]
    """
    return pd.to_numeric(groups(values, _YEAR)["year"].to_pandas(), errors="coerce").to_numpy(dtype=float)


def rough(column: Counted) -> np.ndarray:
    """Which values are years, and not plainly."""
    return column.matches(_YEAR) & ~column.matches(r"^\d+$")
