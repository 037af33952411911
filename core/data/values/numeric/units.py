"""Units that numbers are written with, and which of them can be turned into each other."""

from __future__ import annotations

import re

from core.data.values.numeric import money

_FAMILIES: tuple[dict[str, float], ...] = (
    {"B": 1, "bytes": 1, "KB": 2**10, "kB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "KiB": 2**10, "MiB": 2**20,
     "GiB": 2**30},
    {"mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1, "km": 1e3, "in": 0.0254, "inch": 0.0254, "inches": 0.0254,
     "ft": 0.3048, "feet": 0.3048, "yd": 0.9144, "mi": 1609.344, "miles": 1609.344, "米": 1, "公里": 1e3,
     "厘米": 1e-2},
    {"mg": 1e-3, "g": 1, "kg": 1e3, "t": 1e6, "oz": 28.349523125, "lb": 453.59237, "lbs": 453.59237, "克": 1,
     "千克": 1e3, "公斤": 1e3, "斤": 500},
    {"ms": 1e-3, "s": 1, "sec": 1, "secs": 1, "seconds": 1, "second": 1, "min": 60, "mins": 60, "minutes": 60,
     "minute": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hours": 3600, "hour": 3600, "Stunde": 3600,
     "Stunden": 3600, "Std": 3600, "heure": 3600, "hora": 3600, "ora": 3600, "秒": 1, "分钟": 60, "小时": 3600},
    {"day": 1, "days": 1, "d": 1, "Tage": 1, "Tag": 1, "天": 1, "week": 7, "weeks": 7},
    {"month": 1, "months": 1, "mo": 1, "mth": 1, "Monat": 1, "Monate": 1, "mois": 1, "mes": 1, "mese": 1, "year": 12,
     "years": 12, "yr": 12, "yrs": 12, "Jahr": 12, "Jahre": 12, "an": 12, "ans": 12, "anno": 12, "año": 12, "个月": 1,
     "月": 1, "年": 12},
    {"ml": 1, "mL": 1, "cl": 10, "dl": 100, "l": 1000, "L": 1000, "升": 1000, "毫升": 1},
    {"m2": 1, "qm": 1, "sqm": 1, "平米": 1, "平方米": 1, "平": 1, "sqft": 0.09290304, "sq ft": 0.09290304},
    {"W": 1, "kW": 1e3, "MW": 1e6}, {"Wh": 1, "kWh": 1e3, "MWh": 1e6}, {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
)  # fmt: skip
_KNOWN = {unit: (number, size) for number, family in enumerate(_FAMILIES) for unit, size in family.items()}
_MULTIPLIED = re.compile(r"^(千万|百万|[万億亿千])(.*)$")


def canonical(written: str) -> tuple[str, float]:
    """A unit as it is written behind a number  →  the unit by one name, and what the number is multiplied by.

    Examples
    --------
    >>> canonical("万元"), canonical("K"), canonical("元/平米"), canonical("Years")
    (('¥', 10000.0), ('', 1000.0), ('¥/平米', 1.0), ('years', 1.0))
    """
    unit, times = money.rate(written.strip()), 1.0
    if (size := _size(unit)) is not None:
        return "", size
    if (amount := money.sized(unit)) is not None:
        return amount
    if found := _MULTIPLIED.match(unit):
        times, unit = money.SIZES[found[1]], found[2].strip()
    elif " " in unit and (size := _size(unit.split(" ", 1)[0])) is not None:
        times, unit = size, unit.split(" ", 1)[1].strip()
    if currency := money.currency(unit):
        return currency, times
    lower = unit.lower()
    return (lower if unit not in _KNOWN and len(unit) > 1 and (lower in _KNOWN or len(unit) > 2) else unit), times


def _size(word: str) -> float | None:
    """How many a word says: K, Mio., million; None where it says nothing of the kind."""
    word = word.rstrip(".")
    return money.SIZES.get(word) or (money.SIZES.get(word.lower()) if len(word) > 2 else None)


def known(unit: str) -> bool:
    """Whether a unit can be turned into others, or is one of money."""
    return unit in _KNOWN or is_money(unit)


def is_money(unit: str) -> bool:
    """Whether a unit is a currency."""
    return money.currency(unit) is not None


def factor(unit: str, into: str) -> float | None:
    """What a number in one unit is multiplied by to be in another; None where they have nothing to do with each other.

    Examples
    --------
    >>> factor("cm", "m"), factor("MB", "GB"), factor("$", "€")
    (0.01, 0.0009765625, None)
    """
    if unit == into:
        return 1.0
    of_money, times = canonical(into)
    if of_money == unit:  # the unit of an older version: “mio. €”, “rs.”
        return 1 / times
    if "/" in unit and "/" in into:
        (over, under), (new_over, new_under) = unit.split("/", 1), into.split("/", 1)
        top, bottom = factor(over, new_over), factor(under, new_under)
        return top / bottom if top and bottom else None
    if unit not in _KNOWN or into not in _KNOWN:
        return 1.0 if unit.rstrip("s") == into.rstrip("s") and unit.strip("s") else None
    (family, size), (other, base) = _KNOWN[unit], _KNOWN[into]
    return size / base if family == other else None
