"""Days as spreadsheets count them: 44927 is 1 January 2023, 44927.5 its noon."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted

SERIAL = "serial"
PATTERN = r"^[345]\d{4}(?:\.\d+)?$"  # 1982 to 2064
_EPOCH = "1899-12-30"  # spreadsheets count a 29 February 1900 that never was
_NAMED = re.compile(
    r"(^|[\s_.(-])(date|dates|datum|fecha|datetime|dob|birthday|geburtsdatum|дата|tarih|dato|päivämäärä|dátum)($|[\s_.)-])"
    r"|(?-i:[a-z]Dat(e|um)$)|datum$|日期|生日|日付",
    re.IGNORECASE,
)


def named_date(name: str) -> bool:
    """Whether a column's name says that it holds dates.

    Examples
    --------
    >>> named_date("Datum"), named_date("order_date"), named_date("updates")
    (True, True, False)
    """
    return bool(_NAMED.search(name))


def layout(name: str, whole: Counted) -> Layout | None:
    """The layout of plain numbers that are days of a spreadsheet, where the column's name speaks of dates; or none.

    Examples
    --------
    >>> column = Counted.of(pa.array(["44927", "45012"]))
    >>> layout("Datum", column).formats, layout("price", column)
    (['serial'], None)
    """
    if len(whole.values) < 2 or not named_date(name) or not whole.matches(PATTERN).all():
        return None
    return Layout(kind="date", formats=[SERIAL])


def moments(values: pa.Array) -> pd.Series:
    """Cells as moments, NaT where a cell is no day of a spreadsheet."""
    fits = pc.match_substring_regex(values, PATTERN)
    days = pc.cast(pc.if_else(fits, values, pa.scalar(None, pa.string())), pa.float64())
    seconds = np.round(days.to_numpy(zero_copy_only=False) * 86_400)
    return pd.Series(pd.to_datetime(seconds, unit="s", origin=_EPOCH)).astype("datetime64[us]")
