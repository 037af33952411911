"""Times of day and durations: 22:52, 9:41 AM, 14h30, 2:32:19, in hours; 75:10 and 1:23.456 in minutes and seconds."""

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
    r"duration|elapsed|moving|driving|flying|finish|lap|split|runtime|length|time.?taken|chip|gun|pace|dauer|laufzeit|durée|duración|时长|用时",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(  # the time that something took, or that it was
    r"^\W*(?:(?:total|net|official|race|result|average|avg|best|overall)[\s_.-]*)?"
    r"(?:times?|zeit|temps|tiempo|tempo|tijd|czas|时间|時間|成绩)\W*(?:\(?h{1,2}:mm(?::ss)?\)?)?$",
    re.IGNORECASE,
)
_OF_SPORT = re.compile(
    r"(?<![^\W\d_])(?:distance|dist|km|miles?|pace|laps?|splits?|bib|finish(?:ed|er)?"
    r"|distanz|strecke|startnummer|dossard|allure|dorsal|ritmo|distancia|distanza)(?![^\W\d_])|距离|配速|公里|号码布",
    re.IGNORECASE,
)
_LONGEST_RACE = 12  # hours; times of day go on
IN_MINUTES = "minutes:seconds"  # a format: of two numbers the first are minutes
_MINUTES = r"^(?:(?P<hour>\d{1,2}):)?(?P<minute>\d{1,3}):(?P<second>[0-5]\d(?:[.,]\d{1,6})?)$"
_WITH_SECONDS = r"^\d{1,2}:[0-5]\d:[0-5]\d(?:[.,]\d{1,6})?$"
_TWO = r"^(?P<minute>\d{1,3}):[0-5]\d(?P<part>[.,]\d+)?$"
_MINUTES_NAME = re.compile(
    r"(?<![^\W_])(?:mins?|minutes?|minuten|minuti|minutos|m{1,2}:ss)(?![^\W_])|pace|(?<![^\W_])(?:lap|split)|分:秒|分钟|配速",
    re.IGNORECASE,
)
_HOURS_NAME = re.compile(
    r"hour|(?<![^\W_])(?:hrs?|h{1,2}:mm)(?![^\W_])|stunde|arbeitszeit|saldo|work|shift|overtime|heure|hora|小时|工时",
    re.IGNORECASE,
)
DAY, HOUR = 24, 60  # numbers from where on the first can be no hour of a day, and from where on it is hardly one at all


def layouts(column: Counted, name: str) -> list[Layout]:
    """The layout of a column of times, or none; a second one where they may be durations as well.

    Hours beyond a day, or a name that says so, make them durations; read in hours both are the same. “Time” may be
    either, as long as there are seconds and no afternoon: the other columns of the table decide.

    Examples
    --------
    >>> [one.kind for one in layouts(Counted.of(pa.array(["22:52", "07:30"])), "clock")]
    ['time']
    """
    looked = column.where(~column.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(CLOCK)) < MOSTLY:
        return _in_minutes(looked, name)
    if found_in_minutes := _in_minutes(looked, name):
        return found_in_minutes
    found = hours(looked.values)
    largest = float(np.nanmax(found, initial=0.0))
    if largest >= DAY or _LONG_NAME.search(name):
        return [Layout(kind="duration", unit="h")]
    made: list[Layout] = [Layout(kind="time", unit="h")]
    if _BARE_NAME.match(name) and largest < _LONGEST_RACE and looked.share(looked.matches(_WITH_SECONDS)) >= MOSTLY:
        made.append(Layout(kind="duration", unit="h"))
    return made


def of_sport(name: str) -> bool:
    """Whether a column's name is one of results and workouts: beside it, “Time” is how long something took.

    Examples
    --------
    >>> of_sport("Distance (km)"), of_sport("Avg Pace"), of_sport("departure")
    (True, True, False)
    """
    return bool(_OF_SPORT.search(name))


def _in_minutes(looked: Counted, name: str) -> list[Layout]:
    """The layout of minutes and seconds, where the name, parts of a second, or numbers too large for hours say so."""
    few = looked.few()
    if few.share(few.matches(_MINUTES)) < MOSTLY / 2:
        return []
    two = looked.where(looked.matches(_TWO))
    if not two.total or looked.share(looked.matches(_MINUTES)) < MOSTLY:
        return []
    parts = groups(two.values, _TWO)
    largest = int(pd.to_numeric(parts["minute"].to_pandas()).max())
    mixed = two.total < looked.total  # 59:10 beside 1:02:33
    told = bool(_MINUTES_NAME.search(name)) or largest >= HOUR
    told = told or (mixed and (largest >= DAY or bool(_LONG_NAME.search(name))))
    split_seconds = bool(two.matches(r"[.,]").any())
    if not split_seconds and (not told or _HOURS_NAME.search(name)):
        return []
    return [Layout(kind="duration", unit="min", formats=[IN_MINUTES])]


def minutes(values: pa.Array) -> np.ndarray:
    """Minutes and seconds, or hours with both, as minutes; NaN where a cell is none of these.

    Examples
    --------
    >>> minutes(pa.array(["75:30", "1:02:15", "0:30.6", "4"])).tolist()
    [75.5, 62.25, 0.51, nan]
    """
    parts = groups(values, _MINUTES)
    hour, minute, second = (
        pd.to_numeric(parts[name].to_pandas().str.replace(",", "."), errors="coerce")
        for name in ("hour", "minute", "second")
    )
    return ((hour.fillna(0) * 3600 + minute * 60 + second) / 60).round(9).to_numpy(dtype=float)


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
