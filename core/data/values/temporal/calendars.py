"""Years of other calendars as Gregorian ones: 2567 of the Buddhist, 令和6年 and 民國113年 of emperors and a state."""

from __future__ import annotations

import re

import pyarrow as pa

from core.data.values.counted import Counted

MOSTLY, HALF = 0.95, 0.5
BUDDHIST, ERA = "buddhist", "era"  # formats, beside that of the date
CALENDARS = frozenset({BUDDHIST, ERA})
_BUDDHIST_DAY = r"(?:^|\D)2[45]\d{2}[-/.]\d|\d[-/. ]2[45]\d{2}(?:\D|$)|\p{L}\.? 2[45]\d{2}$"
_AHEAD = 543
_BEFORE = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
_ERA_YEAR = rf"(?P<era>{'|'.join(_BEFORE)})\s?(?P<year>元|\d{{1,3}})年"


def calendar_of(column: Counted) -> str:
    """Which other calendar the years of dates are of, or nothing.

    Examples
    --------
    >>> calendar_of(Counted.of(pa.array(["01/05/2567", "31/12/2566"])))
    'buddhist'
    """
    if column.total and column.share(column.matches(_BUDDHIST_DAY)) >= MOSTLY:
        return BUDDHIST
    return ERA if column.share(column.matches(_ERA_YEAR)) >= HALF else ""


def gregorian(values: pa.Array, calendar: str) -> pa.Array:
    """The same dates with Gregorian years; those without a year of that calendar stay as they are.

    Examples
    --------
    >>> gregorian(pa.array(["01/05/2567", "?"]), "buddhist").to_pylist()
    ['01/05/2024', '?']
    >>> gregorian(pa.array(["令和元年5月1日"]), "era").to_pylist()
    ['2019年5月1日']
    """
    cells = values.to_pylist()
    return pa.array([None if cell is None else _gregorian(cell, calendar) for cell in cells], pa.string())


def _gregorian(value: str, calendar: str) -> str:
    if calendar == BUDDHIST:
        return re.sub(r"(?<!\d)2[45]\d{2}(?!\d)", lambda year: str(int(year[0]) - _AHEAD), value, count=1)
    return re.sub(_ERA_YEAR, lambda found: f"{_BEFORE[found['era']] + _number(found['year'])}年", value, count=1)


def _number(year: str) -> int:
    return 1 if year == "元" else int(year)
