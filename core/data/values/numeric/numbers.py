"""Numbers as people write them: 1,234.5 and 1.234,5, $4.30, 12 %, 183 cm, 15.5M, (949.49), 1,000+, 3万."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted, groups
from core.data.values.numeric import marks, money
from core.data.values.numeric.units import canonical, factor, is_money, known

MOSTLY = 0.95  # share of the filled cells that makes a column one of this kind
MARKERS = 3  # so many different words at most, that come back among numbers, stand for “no value”
MARKER_SHARE = 0.4  # of the cells, at most
FEWEST_NAMED = 0.1  # share of the numbers with a unit, at least, that makes it the column's
FEW_NUMBERS = 10  # different numbers at least, beside markers
_BODY = r"(?:\d+(?:[.,'’_ ]\d+)*[.,]?|[.,]\d+)"
_BEFORE = (
    r"^(?P<open>\()?(?P<about>[<>≤≥~≈]=?|ca\.|approx\.|about)?\s*(?P<sign>[+-])?\s*"
    rf"(?P<before>{money.BEFORE}|%)?\s*(?P<inner>[+-])?"
)
BEGINS = _BEFORE + r"[.,]?\d"  # as every number does, with or without marks
NUMBER = (
    rf"{_BEFORE}(?P<body>{_BODY})(?P<power>[eE][+-]?\d{{1,3}})?"
    r"\s*(?P<more>\+)?\s*(?P<after>(?:/ ?\p{L}|[^\d\s.,()+<>=:/\-'’_])(?:[^()+<>=:]{0,18}[^()+<>=:\s.])?)?"
    r"\.?\s*(?P<open_end>\+)?(?P<trailing>-)?(?P<close>\))?$"
)
_NO_CENTS = r"(\d)(?:[.,][-–—]{1,2}|/[-=])(\s|$)"  # 500,- is 500, and so are 500/- and 500/=
_SQUARED = re.compile(r"(?:^|[/ckd])m[23]$")
_GROUPED = {
    ",": r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}",
    ".": r"\d{1,3}(?:\.\d{3})+",
    " ": r"\d{1,3}(?: \d{3})+",
    "'": r"\d{1,3}(?:['’]\d{3})+",
    "_": r"\d{1,3}(?:_\d{3})+",
}
WAYS = ((".", ""), (".", ","), (",", ""), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"), (".", "_"))


@dataclass(frozen=True)
class Parts:
    """Cells taken apart: the number itself, and what stands around it. All arrays have one entry per value."""

    found: np.ndarray  # bool: looks like a number
    body: pa.Array
    unit: np.ndarray  # of str: currency or unit, "" where none is written
    multiplied: np.ndarray  # by K, M, 万 …
    negative: np.ndarray
    power: pa.Array
    bounded: np.ndarray  # “< 1”, “10+”: an open end
    marked: np.ndarray  # “12.5*”, “7.1 p”: with a mark that is no part of the number


def apart(values: pa.Array, flagged: bool = False) -> Parts:
    """Take cells of a column of numbers apart.

    Parameters
    ----------
    flagged : bool
        Letters behind a blank are flags, as in “7.1 p”, and no units.
    """
    values, marked = marks.unmarked(values, flagged)
    values = pc.replace_substring_regex(values, _NO_CENTS, r"\1\2")
    parts = groups(values, NUMBER)
    found = pc.is_valid(parts["body"]).to_numpy(zero_copy_only=False)
    field = {name: pc.fill_null(part, "") for name, part in parts.items()}

    def filled(name: str) -> np.ndarray:
        return pc.not_equal(field[name], "").to_numpy(zero_copy_only=False)

    balanced = filled("open") == filled("close")
    minus = [pc.equal(field[name], "-").to_numpy(zero_copy_only=False) for name in ("sign", "inner", "trailing")]
    before, after = field["before"].to_pylist(), field["after"].to_pylist()
    known = {pair: _unit(*pair) for pair in set(zip(before, after, strict=True))}
    units = [known[pair] for pair in zip(before, after, strict=True)]
    return Parts(
        found=found & balanced & np.asarray([unit is not None for unit in units], dtype=bool),
        body=field["body"],
        unit=np.asarray([unit[0] if unit else "" for unit in units], dtype=object),
        multiplied=np.asarray([unit[1] if unit else 1.0 for unit in units], dtype=float),
        negative=filled("open") | (np.sum(minus, axis=0) == 1) if len(found) else filled("open"),
        power=field["power"],
        bounded=filled("open_end") | filled("more") | filled("about"),
        marked=marked,
    )


def _unit(before: str, after: str) -> tuple[str, float] | None:
    """Currency before and unit after as one unit and what it multiplies by; None where they contradict each other."""
    if any(sign.isdigit() for sign in after) and not _SQUARED.search(after):
        return None  # 2017Q3
    if before == "%":
        return ("%", 1.0) if after in ("", "%") else None
    if before:
        return money.beside(canonical(before)[0], after)
    unit, times = canonical(after)
    if unit.startswith("/") and not known(unit[1:]):
        return None  # 12/abc
    if len(unit) == 1 and unit.isascii() and unit.isalpha() and not known(unit):
        return None  # the last letter of a code
    return unit, times


@dataclass(frozen=True)
class NumberFit:
    """A way to read a column's numbers: how many cells it fits, and whether it is certain."""

    decimal: str
    thousands: str
    fits: np.ndarray  # bool, one per value
    certain: bool  # some cell can be read in no other way


def ways(column: Counted, parts: Parts) -> list[NumberFit]:
    """The readings of decimal and thousands marks that fit most cells, the plainest first."""
    found = []
    for decimal, thousands in WAYS:
        fits = parts.found & _fits(parts.body, decimal, thousands)
        if column.share(fits | column.stands_for_nothing) > 0 and fits.any():
            found.append(NumberFit(decimal, thousands, fits, _certain(parts.body, fits, decimal, thousands)))
    most = max((column.share(one.fits) for one in found), default=0.0)
    return [one for one in found if column.share(one.fits) >= most - 1e-9]


def _fits(body: pa.Array, decimal: str, thousands: str) -> np.ndarray:
    mark = "[.]" if decimal == "." else ","
    whole = rf"\d+|{_GROUPED[thousands]}" if thousands else r"\d+"
    pattern = rf"^(?:(?:{whole})(?:{mark}\d*)?|{mark}\d+)$"
    return pc.match_substring_regex(body, pattern).to_numpy(zero_copy_only=False)


def _certain(body: pa.Array, fits: np.ndarray, decimal: str, thousands: str) -> bool:
    """Whether a cell shows which mark is which: both stand in it, or the digits behind a mark are not three."""
    mark = "[.]" if decimal == "." else ","
    told = [rf"{mark}\d{{1,2}}$", rf"{mark}\d{{4,}}$", rf"^0{mark}", rf"^\d{{4,}}{mark}\d+$"]
    if thousands in (",", "."):
        other = "[.]" if thousands == "." else ","
        told = [
            rf"{other}\d{{3}}{mark}\d+$",
            rf"\d{other}\d{{3}}{other}\d{{3}}",
            rf"^\d{{1,2}}(?:{other}\d{{2}})+{other}\d{{3}}",
        ]
    elif thousands:
        told.append(rf"\d{thousands}\d{{3}}")
    shown = pc.match_substring_regex(body, "|".join(told)).to_numpy(zero_copy_only=False)
    return bool((shown & fits).any())


def kept_units(column: Counted, parts: Parts, fits: np.ndarray) -> tuple[str, np.ndarray]:
    """The unit most cells have, and which cells have it, one that can be turned into it, or none.

    Where there are several that can't, the cells of the others don't fit.
    """
    named = {str(unit) for unit in parts.unit[fits]} - {""}
    if not named:
        return "", fits
    counts = {unit: column.counts[fits & (parts.unit == unit)].sum() for unit in named}
    unit = max(sorted(counts), key=lambda one: counts[one])
    bare = parts.unit == ""
    if sum(counts.values()) < FEWEST_NAMED * column.counts[fits].sum():
        return "", fits & bare  # one cell does not give a whole column its unit
    same = {one for one in named if factor(one, unit) is not None}
    if unit == "%":  # 0.12 beside 12 % may mean the same
        bare = bare & pc.match_substring_regex(parts.body, r"^0+(?:[.,]0+)?$").to_numpy(zero_copy_only=False)
    if not is_money(unit):  # 1.4 Cr beside 500 Dr: what is multiplied and what is a unit can't be told
        bare = bare & (parts.multiplied == 1.0)
    return unit, fits & (np.isin(parts.unit, sorted(same)) | bare)


def numbers(values: pa.Array, layout: Layout) -> np.ndarray:
    """Cells as numbers by a layout, NaN where a cell is none.

    Examples
    --------
    >>> numbers(pa.array(["$1,250", "(3.5)", "2K", "?"]), Layout(kind="number", thousands=",", unit="$")).tolist()
    [1250.0, -3.5, 2000.0, nan]
    """
    parts = apart(values, layout.flagged)
    fits = parts.found & _fits(parts.body, layout.decimal, layout.thousands)
    factors = {str(unit): factor(str(unit), layout.unit) if unit else 1.0 for unit in set(parts.unit.tolist())}
    times = np.asarray([factors[str(unit)] or np.nan for unit in parts.unit], dtype=float) * parts.multiplied
    body = parts.body
    if layout.thousands:
        body = pc.replace_substring_regex(body, {"'": "['’]", ".": "[.]"}.get(layout.thousands, layout.thousands), "")
    if layout.decimal == ",":
        body = pc.replace_substring(body, ",", ".")
    powers, times = _as_powers(parts.power, times)
    body = pc.binary_join_element_wise(pc.utf8_rtrim(body, characters="."), powers, "")
    body = pc.if_else(pa.array(fits), body, pa.scalar(None, pa.string()))
    found = pc.cast(body, pa.float64()).to_numpy(zero_copy_only=False)
    if layout.unit == "%":
        found = np.where((parts.unit == "") & (found != 0), np.nan, found)  # 0.12 beside 12 % may mean the same
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.where(times == 1.0, found, _scaled(found, times)) * np.where(parts.negative, -1.0, 1.0)
    found = np.where(np.isnan(times), np.nan, found)  # a unit that can't be turned into the column's
    return np.where(np.isfinite(found), found, np.nan)


def _as_powers(powers: pa.Array, times: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """15.5 M is 15,500,000, not 15,499,999.999…: tens are written as a power behind the number, not multiplied."""
    tens = {10.0**exponent: f"e{exponent}" for exponent in range(1, 13)}
    known = np.isin(times, list(tens)) & pc.equal(powers, "").to_numpy(zero_copy_only=False)
    if not known.any():
        return powers, times
    written = pa.array([tens.get(one, "") for one in times.tolist()], pa.string())
    return pc.if_else(pa.array(known), written, powers), np.where(known, 1.0, times)


def _scaled(found: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Whole factors are multiplied, others divided: that is exact more often."""
    return np.where(times >= 1, found * times, found / np.where(times > 0, 1 / times, 1.0))
