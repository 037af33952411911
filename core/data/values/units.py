"""Units that numbers are written with, and which of them can be turned into each other."""

from __future__ import annotations

import re

MULTIPLIERS = {
    "k": 1e3, "K": 1e3, "tsd": 1e3, "Tsd": 1e3, "thousand": 1e3, "千": 1e3, "M": 1e6, "Mio": 1e6, "mio": 1e6, "mn": 1e6,
    "million": 1e6, "millions": 1e6, "百万": 1e6, "B": 1e9, "bn": 1e9, "Mrd": 1e9, "billion": 1e9,
    "G": 1e9, "T": 1e12, "万": 1e4, "億": 1e8,
    "亿": 1e8, "千万": 1e7, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "crore": 1e7,
    "crores": 1e7, "Cr": 1e7, "cr": 1e7,
}  # fmt: skip
CURRENCIES = {
    "US$": "$", "USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "RMB": "¥", "元": "¥", "人民币": "¥", "INR": "₹",
    "Rs": "₹", "Rs.": "₹", "kr.": "kr", "PLN": "zł",
    "dollars": "$", "dollar": "$", "euro": "€", "euros": "€", "Euro": "€",
}  # fmt: skip
_FAMILIES: tuple[dict[str, float], ...] = (
    {"B": 1, "bytes": 1, "KB": 2**10, "kB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "KiB": 2**10, "MiB": 2**20,
     "GiB": 2**30},
    {"mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1, "km": 1e3, "in": 0.0254, "inch": 0.0254, "inches": 0.0254,
     "ft": 0.3048, "feet": 0.3048, "yd": 0.9144, "mi": 1609.344, "miles": 1609.344, "米": 1, "公里": 1e3,
     "厘米": 1e-2},
    {"mg": 1e-3, "g": 1, "kg": 1e3, "t": 1e6, "oz": 28.349523125, "lb": 453.59237, "lbs": 453.59237, "克": 1,
     "千克": 1e3, "公斤": 1e3, "斤": 500},
    {"ms": 1e-3, "s": 1, "sec": 1, "secs": 1, "seconds": 1, "second": 1, "min": 60, "mins": 60, "minutes": 60,
     "minute": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hours": 3600, "hour": 3600, "秒": 1, "分钟": 60, "小时": 3600},
    {"day": 1, "days": 1, "d": 1, "Tage": 1, "Tag": 1, "天": 1, "week": 7, "weeks": 7},
    {"month": 1, "months": 1, "mo": 1, "year": 12, "years": 12, "yr": 12, "yrs": 12, "个月": 1, "年": 12},
    {"ml": 1, "mL": 1, "cl": 10, "dl": 100, "l": 1000, "L": 1000, "升": 1000, "毫升": 1},
    {"m2": 1, "qm": 1, "sqm": 1, "平米": 1, "平方米": 1, "平": 1, "sqft": 0.09290304, "sq ft": 0.09290304},
    {"W": 1, "kW": 1e3, "MW": 1e6}, {"Wh": 1, "kWh": 1e3, "MWh": 1e6}, {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
)  # fmt: skip
_KNOWN = {unit: (number, size) for number, family in enumerate(_FAMILIES) for unit, size in family.items()}
_MULTIPLIED = re.compile(r"^(千万|百万|[万億亿千])(.*)$")
_MONEY = re.compile(r"^(US\$|[$€£¥₹₩₽₺₫฿₪]|元|USD|EUR|GBP|CNY|RMB|INR|CHF|zł|kr)(/.*)?$")


def canonical(written: str) -> tuple[str, float]:
    """A unit as it is written behind a number  →  the unit by one name, and what the number is multiplied by.

    Examples
    --------
    >>> canonical("万元"), canonical("K"), canonical("元/平米"), canonical("Years")
    (('¥', 10000.0), ('', 1000.0), ('¥/平米', 1.0), ('years', 1.0))
    """
    unit, times = written.strip(), 1.0
    if unit in MULTIPLIERS:
        return "", MULTIPLIERS[unit]
    if len(unit) > 2 and unit.lower() in MULTIPLIERS:
        return "", MULTIPLIERS[unit.lower()]
    if found := _MULTIPLIED.match(unit):
        times, unit = MULTIPLIERS[found[1]], found[2].strip()
    elif " " in unit and unit.split(" ", 1)[0] in MULTIPLIERS:
        word, unit = unit.split(" ", 1)
        times = MULTIPLIERS[word]
    if found := _MONEY.match(unit):
        return CURRENCIES.get(found[1], found[1]) + (found[2] or ""), times
    if unit in CURRENCIES:
        return CURRENCIES[unit], times
    lower = unit.lower()
    return (lower if unit not in _KNOWN and len(unit) > 1 and (lower in _KNOWN or len(unit) > 2) else unit), times


def known(unit: str) -> bool:
    """Whether a unit can be turned into others, or is one of money."""
    return unit in _KNOWN or is_money(unit)


def is_money(unit: str) -> bool:
    """Whether a unit is a currency."""
    return bool(_MONEY.match(unit))


def factor(unit: str, into: str) -> float | None:
    """What a number in one unit is multiplied by to be in another; None where they have nothing to do with each other.

    Examples
    --------
    >>> factor("cm", "m"), factor("MB", "GB"), factor("$", "€")
    (0.01, 0.0009765625, None)
    """
    if unit == into:
        return 1.0
    if "/" in unit and "/" in into:
        (over, under), (new_over, new_under) = unit.split("/", 1), into.split("/", 1)
        top, bottom = factor(over, new_over), factor(under, new_under)
        return top / bottom if top and bottom else None
    if unit not in _KNOWN or into not in _KNOWN:
        return 1.0 if unit.rstrip("s") == into.rstrip("s") and unit.strip("s") else None
    (family, size), (other, base) = _KNOWN[unit], _KNOWN[into]
    return size / base if family == other else None
