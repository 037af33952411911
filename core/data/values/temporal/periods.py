"""Periods that stand for a date: weeks, quarters, half-years, seasons, fiscal years; each is its first day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.values.counted import Counted, groups

MOSTLY = 0.95
HALF = 0.5
_Y = r"(?P<year>\d{4})"
_SHORT = r"(?:FY)?['’]?(?P<year>\d{4}|\d{2})"
_SEASONS = (
    "spring|frühling|frühjahr|printemps|primavera|voorjaar|lente|春季|春",
    "summer|sommer|été|verano|estate|verão|zomer|夏季|夏",
    "autumn|fall|herbst|automne|otoño|autunno|outono|herfst|秋季|秋",
    "winter|hiver|invierno|inverno|冬季|冬",
)
_SEASON = rf"(?P<word>{'|'.join(_SEASONS)})"


@dataclass(frozen=True)
class Period:
    """How a period is written, and on which day the number-th of a year begins."""

    patterns: tuple[str, ...]  # RE2, with the groups year and number (or word)
    begins: Callable[[pd.Series, pd.Series], pd.Series]  # year, number → moment


def _in_month(months_each: int, first: int = 1) -> Callable[[pd.Series, pd.Series], pd.Series]:
    def begins(year: pd.Series, number: pd.Series) -> pd.Series:
        frame = pd.DataFrame({"year": year, "month": (number - 1) * months_each + first, "day": 1})
        return pd.to_datetime(frame, errors="coerce")

    return begins


def _week(year: pd.Series, number: pd.Series) -> pd.Series:
    known = year.notna() & number.between(1, 53)
    text = year[known].astype(int).astype(str) + "-" + number[known].astype(int).astype(str) + "-1"
    return pd.to_datetime(text, format="%G-%V-%u", errors="coerce").reindex(year.index)


PERIODS: dict[str, Period] = {
    "quarter": Period(
        (
            rf"(?i)^{_Y}[-/ .]?[QT](?P<number>[1-4])$",
            rf"(?i)^Q(?P<number>[1-4])[-/ .]*{_Y}$",
            rf"(?i)^T(?P<number>[1-4])[-/ .]+{_Y}$",
            rf"(?i)^Q(?P<number>[1-4])[-/ .]+{_SHORT}$",
            rf"(?i)^(?P<number>[1-4])Q[-/ ]?{_SHORT}$",
            rf"(?i)^(?P<number>[1-4])\.? ?(?:Quartal|Quarter|trimestre|kwartaal|kwartał) {_Y}$",
            rf"^{_Y}年(?:第)?(?P<number>[1-4])季度?$",
        ),
        _in_month(3),
    ),
    "half": Period(
        (
            rf"(?i)^{_Y}[-/ .]?[HS](?P<number>[12])$",
            rf"(?i)^[HS](?P<number>[12])[-/ .]+{_SHORT}$",
            rf"^(?P<number>[12])H[-/ ]?{_SHORT}$",  # 1h20 is a duration
            rf"(?i)^(?P<number>[12])\.? ?(?:HJ|Halbjahr|semestre|Half) {_Y}$",
            rf"^{_Y}年(?P<word>上|下)半年$",
        ),
        _in_month(6),
    ),
    "week": Period(
        (
            rf"(?i)^{_Y}[-/ ]?(?:W|KW|CW|WK|week )[- ]?(?P<number>\d{{1,2}})(?:-[1-7])?$",
            rf"(?i)^(?:W|KW|CW|WK|week|Woche|semaine|semana|uge|vecka)[- .]*(?P<number>\d{{1,2}})[-/ ,.]+{_Y}$",
            rf"(?i)^(?:KW|CW)[ .]*(?P<number>\d{{1,2}})/{_SHORT}$",
            rf"(?i)^(?P<number>\d{{1,2}})\. ?KW[-/ ]+{_Y}$",
            rf"^{_Y}年第(?P<number>\d{{1,2}})周$",
        ),
        _week,
    ),
    "month": Period((rf"^{_Y}-?M(?P<number>\d{{1,2}})$",), _in_month(1)),
    "fiscal": Period(
        (
            r"(?i)^(?:FY|GJ|fiscal year|saison|season|temporada)[- ]?(?P<year>\d{4}|\d{2})(?:[-/–]\d{2}(?:\d{2})?)?$",
            r"^(?P<year>(?:19|20)\d{2})/(?:(?:19|20)\d{2})$",
            r"^(?P<year>(?:19|20)\d{2})[-/–](?P<end>\d{2})$",
            r"^(?P<year>(?:19|20)\d{2})[-–](?:(?:19|20)\d{2})$",
        ),
        _in_month(12),
    ),
    "season": Period(
        (rf"(?i)^{_SEASON}[ ,/-]*{_Y}(?:[/-]\d{{2,4}})?$", rf"(?i)^{_Y}年?[ -]?{_SEASON}$"), _in_month(3, 3)
    ),
}


def period_of(column: Counted) -> str:
    """Which period most cells are, or nothing.

    Examples
    --------
    >>> period_of(Counted.of(pa.array(["2023-W05", "KW 6/2023"]))), period_of(Counted.of(pa.array(["2023-05"])))
    ('week', '')
    """
    if not column.total or column.share(column.matches(r"^.{0,8}\d.{1,20}$")) < MOSTLY:
        return ""
    few = column.few()
    for name, period in PERIODS.items():
        pattern = "|".join(f"(?:{_unnamed(one)})" for one in period.patterns)
        if few.share(few.matches(pattern)) < HALF or column.share(matched := column.matches(pattern)) < MOSTLY:
            continue
        if name != "fiscal" or _follow_each_other(column.where(matched)):
            return name
    return ""


def _unnamed(pattern: str) -> str:
    for group in ("year", "number", "word", "end"):
        pattern = pattern.replace(f"(?P<{group}>", "(?:")
    return pattern


def _follow_each_other(column: Counted) -> bool:
    """Whether both years of “2010-11” are one after the other, and can't all be a year and a month."""
    spans = groups(column.values, PERIODS["fiscal"].patterns[2])
    year = pd.to_numeric(spans["year"].to_pandas(), errors="coerce")
    end = pd.to_numeric(spans["end"].to_pandas(), errors="coerce")
    known = year.notna() & end.notna()
    if not known.any():
        full = groups(column.values, r"^(?P<year>\d{4})[-/–](?P<end>\d{4})$")
        year, end = (pd.to_numeric(full[one].to_pandas(), errors="coerce") for one in ("year", "end"))
        return bool((end - year).dropna().eq(1).all())
    one_apart = bool(((year[known] + 1) % 100 == end[known]).all())
    return one_apart and (bool((end[known] > 12).any()) or int(known.sum()) > 3)


def moments(values: pa.Array, name: str) -> pd.Series:
    """The first day of each period, NaT where a cell is none.

    Examples
    --------
    >>> [str(day.date()) for day in moments(pa.array(["2023-W05", "KW 1/2024"]), "week")]
    ['2023-01-30', '2024-01-01']
    """
    found = pd.Series(pd.NaT, index=range(len(values)), dtype="datetime64[us]")
    for pattern in PERIODS[name].patterns:
        parts = groups(values, pattern)
        year = pd.to_numeric(parts["year"].to_pandas(), errors="coerce")
        year = year.where(~(year < 100), year + np.where(year < 70, 2000, 1900))
        found = found.fillna(PERIODS[name].begins(year, _number(parts, len(values))).astype("datetime64[us]"))
    return found


def _number(parts: dict[str, pa.Array], n_values: int) -> pd.Series:
    """Which part of its year a period is; a season or half by its word."""
    if "number" in parts:
        return pd.to_numeric(parts["number"].to_pandas(), errors="coerce")
    if "word" not in parts:
        return pd.Series(1.0, index=range(n_values))
    places = {word: float(place) for place, words in enumerate(_SEASONS, start=1) for word in words.split("|")}
    words = pc.utf8_lower(parts["word"]).to_pandas()
    return words.map(places | {"上": 1.0, "下": 2.0}).astype(float)
