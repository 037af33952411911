"""Dates and moments as people and programs write them: 22-Sep-17, 22.9.2017 14:30, 2017Q3, 20170922, 2017年9月22日."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted, groups
from core.data.values.temporal import calendars, periods, serials
from core.data.values.words import months

MOSTLY = 0.95
SAMPLED = 300  # different days that a layout is tried on, once
PROBED = 5  # of them show that it may fit
FIRST_YEAR, LAST_YEAR = 1800, 2200
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%m.%d.%Y",
    "%d %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%d. %b %Y", "%b %d, %Y", "%b %d %Y", "%Y-%b-%d", "%Y %b %d", "%d %b, %Y",
    "%Y年%m月%d日", "%Y年%m月",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%m-%d-%y", "%d-%m-%y", "%d-%b-%y", "%d/%b/%y", "%d %b %y", "%b %d, %y",
    "%Y-%m", "%Y/%m", "%b-%Y", "%b %Y", "%b-%y", "%m/%Y", "%Y-%b", "%Y %b",
)  # fmt: skip
ISO = "%Y-%m-%d"
DATED = r"\d\s*[-/.年]\s*(?:\d|\p{L}{3})|\p{L}{3,}[ .,'’/-]+\d|\d[ .]*\p{L}{3}"  # may be one
COMPACT = "%Y%m%d"
EPOCHS = {"epoch s": 1.0, "epoch ms": 1e-3}
_TIME = (
    r"(?:[T ]|,\s*|\s+at\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?|上午|下午)?"
    r"\s*(?P<zone>(?:Z|UTC|GMT|CET|CEST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|BST)?\s*(?:[+-]\d{1,2}:?(?:\d{2})?)?)$"
)
_DAY = r"^(?P<day>.*?\d.*?)"
MOMENT = _DAY + f"(?:{_TIME}|$)"
_WEEKDAY = r"^(?:[^\W\d_]{2,10}\.?,\s*|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?\s+)"
_ISO_ZONE = re.compile(r"^(?:Z|UTC|GMT)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?$")
_DATED_NAME = re.compile(
    r"epoch|unix|timestamp|(^|[_\s.-])(ts|time|date|datetime|created|updated|modified|at|on)$|(^|_)(time|date)(_|$)"
    r"|时间|日期|datum|zeit|fecha|[a-z](Time|Date|At|Ts)$",
    re.IGNORECASE,
)


def layouts(column: Counted) -> list[Layout]:
    """The layouts of dates that fit the most cells, at least `MOSTLY` of them; several where they can't be told apart.

    Examples
    --------
    >>> [one.formats for one in layouts(Counted.of(pa.array(["22-Sep-17", "5-Mär-18"])))]
    [['%d-%b-%y']]
    """
    looked = column.where(~column.stands_for_nothing)
    if calendar := calendars.calendar_of(looked):
        made = layouts(Counted(calendars.gregorian(looked.values, calendar), looked.counts))
        return [one.model_copy(update={"formats": [*one.formats, calendar]}) for one in made]
    if period := periods.period_of(looked):
        return [Layout(kind="date", formats=[period])]
    if not looked.total or looked.share(looked.matches(DATED)) < MOSTLY:
        return []
    days, weights = _days(looked)
    if not len(days):
        return []
    few = np.unique(np.linspace(0, len(days) - 1, min(SAMPLED, len(days))).astype(int))
    tried = days[few].head(PROBED).tolist()
    likely = [layout for layout in DAYS if any(_parses(day, layout) for day in tried)]
    likely = [layout for layout in likely if _share(days[few], weights[few], layout) >= MOSTLY]
    shares = {layout: _share(days, weights, layout) for layout in likely}
    best = max(shares.values(), default=0.0)
    if best * weights.sum() < MOSTLY * looked.total:
        return []
    same = [layout for layout in likely if shares[layout] == best]
    first, utc = {_order(layout): layout for layout in reversed(same)}, _several_zones(looked)
    return [Layout(kind="date", formats=[layout], utc=utc) for layout in same if first[_order(layout)] == layout]


def _several_zones(column: Counted) -> bool:
    zones = pc.unique(pc.utf8_trim_whitespace(_parts(column.values)[1]["zone"].drop_null()))
    return len(zones) > 1


def _order(layout: str) -> str:
    """In what order year, month and day stand."""
    return re.sub(r"[^YymdBb]", "", layout).lower().replace("b", "m")


def _days(column: Counted) -> tuple[pd.Series, np.ndarray]:
    """The different days of moments, months by their English names, and how many cells have each."""
    days = _parts(column.values)[0]
    known = pc.is_valid(days).to_numpy(zero_copy_only=False)
    frame = pd.DataFrame({"day": days.to_pandas()[known].to_numpy(), "n": column.counts[known]})
    totals = frame.groupby("day", sort=False)["n"].sum()
    return pd.Series(totals.index.astype(object)), totals.to_numpy()


def _parts(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    """The day of each moment, months by their English names, and the rest taken apart."""
    values = pc.replace_substring_regex(values, _WEEKDAY, "")
    parts = groups(values, MOMENT)
    return _in_english(parts["day"]), parts


def _in_english(days: pa.Array) -> pa.Array:
    words = groups(days, r"(?P<word>\p{L}{3,}\.?)")["word"]
    known = {word: months().get(word.lower().strip(".")) for word in pc.unique(words).to_pylist() if word}
    for word, month in known.items():
        if month and word != month:
            days = pc.if_else(pc.fill_null(pc.equal(words, word), False), pc.replace_substring(days, word, month), days)
    return days


def _parses(day: str, layout: str) -> bool:
    """Whether one day is written so; a hundred times as fast for one as pandas is."""
    try:
        datetime.strptime(day, layout)
    except ValueError:
        return False
    return True


def _share(days: pd.Series, weights: np.ndarray, layout: str) -> float:
    parsed = pd.to_datetime(days, format=layout, errors="coerce")
    good = parsed.notna() & parsed.dt.year.between(FIRST_YEAR, LAST_YEAR)
    return float(weights[good.to_numpy()].sum() / weights.sum())


def exchanged(layout: Layout) -> Layout | None:
    """The same dates with day and month exchanged; None where words or years tell which is which.

    Examples
    --------
    >>> exchanged(Layout(kind="date", formats=["%d/%m/%Y"])).formats
    ['%m/%d/%Y']
    """
    found = re.match(r"%([dm])([./-])%([dm])\2(.*)$", (layout.formats or [""])[0])
    if found is None or found[1] == found[3]:
        return None
    first, mark, second, rest = found.groups()
    return layout.model_copy(update={"formats": [f"%{second}{mark}%{first}{mark}{rest}", *layout.formats[1:]]})


def compact(name: str, whole: np.ndarray) -> Layout | None:
    """Whole numbers that are dates: 20170922, and seconds or milliseconds since 1970 where the name speaks of time.

    Examples
    --------
    >>> compact("day", np.array([20170922, 20180305])).formats, compact("price", np.array([20170922, 99999999]))
    (['%Y%m%d'], None)
    """
    years = whole // 10_000
    if len(whole) > 1 and bool(np.all((years >= 1900) & (years < 2100))):
        text = pd.Series(whole.astype(np.int64)).astype(str)
        if pd.to_datetime(text, format=COMPACT, errors="coerce").notna().mean() > 0.99:
            return Layout(kind="date", formats=[COMPACT])
    if _DATED_NAME.search(name):
        for layout, scale in EPOCHS.items():
            seconds = whole * scale
            if bool(np.all((seconds >= 3e8) & (seconds < 2.2e9))) and len(whole) > 1:
                return Layout(kind="date", formats=[layout])
    return None


def dates(values: pa.Array, layout: Layout) -> pa.Array:
    """Cells as moments (UTC where the layout says so, else as on the clock), null where a cell is none.

    Examples
    --------
    >>> dates(pa.array(["07/01/2022", "?"]), Layout(kind="date", formats=["%d/%m/%Y"])).to_pylist()
    [datetime.datetime(2022, 1, 7, 0, 0), None]
    """
    how, *others = [one for one in layout.formats if one not in calendars.CALENDARS] or [DAYS[0]]
    for calendar in calendars.CALENDARS.intersection(layout.formats):
        values = calendars.gregorian(values, calendar)
    found = _by_format(values, how, layout.utc)
    for other in others:  # of cells that say less, or say it otherwise: 1998 beside 1998-05-12
        found = found.fillna(_by_format(values, other, layout.utc))
    return _moments(found)


def _by_format(values: pa.Array, how: str, utc: bool) -> pd.Series:
    if how in EPOCHS:
        seconds = pd.to_numeric(values.to_pandas(), errors="coerce") * EPOCHS[how]
        return pd.Series(pd.to_datetime(seconds, unit="s", errors="coerce")).astype("datetime64[us]")
    if how == serials.SERIAL:
        return serials.moments(values).fillna(_by_format(values, ISO, utc))
    if how in periods.PERIODS:
        begun = periods.moments(values, how)
        return begun.where(begun.dt.year.between(FIRST_YEAR, LAST_YEAR))
    days, parts = _parts(values)
    encoded = days.dictionary_encode()
    parsed = pd.to_datetime(encoded.dictionary.to_pandas(), format=how, errors="coerce")
    parsed = parsed.where(parsed.dt.year.between(FIRST_YEAR, LAST_YEAR))
    places = encoded.indices.to_numpy(zero_copy_only=False)
    found = pd.Series(pd.NaT, index=range(len(values)), dtype="datetime64[us]")
    known = ~np.isnan(places.astype(float))
    if how != ISO:  # says what it is: from date pickers, spreadsheets and our own downloads
        parsed = parsed.fillna(pd.to_datetime(encoded.dictionary.to_pandas(), format=ISO, errors="coerce"))
    found[known] = parsed.astype("datetime64[us]").to_numpy()[places[known].astype(int)]
    return found + _clock(parts, utc)


def _clock(parts: dict[str, pa.Array], utc: bool) -> pd.Series:
    """The time of day of each moment: in UTC, or as people wrote it."""
    if parts["hour"].null_count == len(parts["hour"]):  # days alone
        return pd.Series(pd.Timedelta(0), index=range(len(parts["hour"])))

    def number(name: str) -> pd.Series:
        return pd.to_numeric(parts[name].to_pandas(), errors="coerce").fillna(0)

    half = parts["half"].to_pandas().fillna("").str.lower().str[:1].replace({"上": "a", "下": "p"})
    hours = number("hour")
    hours = hours.where(half != "p", hours % 12 + 12).where(half != "a", hours % 12)
    part = parts["part"].to_pandas().fillna("0").astype(str)
    seconds = hours * 3600 + number("minute") * 60 + number("second")
    micro = part.str.ljust(6, "0").str[:6].astype(int)
    zones = parts["zone"].to_pandas().fillna("").str.strip()
    shift = pd.Series(0.0, index=seconds.index)
    if utc:
        known = {zone: _offset(zone) for zone in zones.unique()}
        shift = zones.map(known).astype(float)
    whole = (seconds * 1_000_000 + micro - shift * 1_000_000).round()
    whole = whole.where((hours < 24) & (number("minute") < 60) & (number("second") < 62))
    return pd.to_timedelta(whole, unit="us")


def _offset(zone: str) -> float:
    found = _ISO_ZONE.match(zone)
    if not found or not found[1]:
        return 0.0
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 3600 + int(found[3] or 0) * 60)


def _moments(found: pd.Series) -> pa.Array:
    return pa.array(found.astype("datetime64[us]"), type=pa.timestamp("us"), from_pandas=True)
