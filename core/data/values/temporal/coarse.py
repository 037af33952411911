"""Dates of which some say less than a day (1998 beside 1998-05-12), or are days as spreadsheets count them."""

from __future__ import annotations

import numpy as np

from core.data.schema import Layout
from core.data.values.counted import Counted
from core.data.values.temporal import dates, serials

MOSTLY = 0.95
FEWEST_DAYS = 0.05  # share of the cells, at least, that are whole dates
FEWEST_BESIDE_SERIALS = 0.5  # the same, beside days of a spreadsheet: those could be any number
_YEAR = r"^(?:1[5-9]|20|21)\d{2}$"
_MONTHS = {
    "%Y-%m": r"^\d{4}-\d{1,2}$", "%Y/%m": r"^\d{4}/\d{1,2}$", "%Y.%m": r"^\d{4}\.\d{1,2}$",
    "%m.%Y": r"^\d{1,2}\.\d{4}$", "%m/%Y": r"^\d{1,2}/\d{4}$", "%m-%Y": r"^\d{1,2}-\d{4}$",
    "%b %Y": r"^\p{L}{3,}\.? \d{4}$", "%b-%Y": r"^\p{L}{3,}-\d{4}$", "%Y年%m月": r"^\d{4}年\d{1,2}月$",
}  # fmt: skip


def layouts(column: Counted) -> list[Layout]:
    """The layouts of dates of which some give only a month or a year; none where all cells say as much.

    Examples
    --------
    >>> import pyarrow as pa
    >>> [one.formats for one in layouts(Counted.of(pa.array(["1998-05-12", "1998-05", "1998"])))]
    [['%Y-%m-%d', '%Y-%m', '%Y']]
    """
    looked = column.where(~column.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(r"^.{0,12}\d\d.{0,30}$")) < MOSTLY:
        return []
    return _layouts(looked) if _layouts(looked.few()) else []


def _layouts(looked: Counted) -> list[Layout]:
    months = {form: looked.matches(pattern) for form, pattern in _MONTHS.items()}
    years, days = looked.matches(_YEAR), looked.matches(serials.PATTERN)
    in_months = np.any(list(months.values()), axis=0)
    if not (years | days | in_months).any():  # nothing says less than a day
        return []
    whole = looked.where(~(years | days | in_months))
    if looked.share(days) > 0 and whole.total < FEWEST_BESIDE_SERIALS * looked.total:
        return []
    coarse = [form for form, mask in months.items() if mask.any()]
    found = dates.layouts(whole) if whole.total >= FEWEST_DAYS * looked.total else []
    if not found:  # months beside years
        found = dates.layouts(looked.where(in_months)) if in_months.any() and not days.any() else []
        coarse = []
    extra = [*coarse, *(["%Y"] if years.any() else []), *([serials.SERIAL] if days.any() else [])]
    if not found or not extra:
        return []
    made = [one.model_copy(update={"formats": [*one.formats, *extra]}) for one in found]
    return [one for one in made if looked.share(read(looked, one)) >= MOSTLY]


def read(column: Counted, layout: Layout) -> np.ndarray:
    """Which values are dates by a layout."""
    return np.asarray(dates.dates(column.values, layout).is_valid())


def first_days(column: Counted, layout: Layout) -> np.ndarray:
    """Which values give no day: their first one was taken."""
    coarse = [_YEAR if form == "%Y" else _MONTHS[form] for form in layout.formats[1:] if form in ("%Y", *_MONTHS)]
    return column.matches("|".join(coarse)) if coarse else np.zeros(len(column.values), dtype=bool)


def of_spreadsheet(column: Counted, layout: Layout) -> np.ndarray:
    """Which values are days as a spreadsheet counts them."""
    if serials.SERIAL not in layout.formats:
        return np.zeros(len(column.values), dtype=bool)
    return column.matches(serials.PATTERN)
