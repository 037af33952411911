"""Whether the cells of a column are numbers, how they are written, and what else stands among them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted
from core.data.values.found import Found, aside, unread, words_in
from core.data.values.numeric import marks, money
from core.data.values.numeric.numbers import (
    BEGINS,
    FEW_NUMBERS,
    MARKER_SHARE,
    MARKERS,
    MOSTLY,
    NumberFit,
    Parts,
    apart,
    kept_units,
    ways,
)
from core.data.values.ordered import scales
from core.data.values.temporal import dates, serials

PADDED = r"^[+-]?0\d+$"
LONG = r"^[+-]?\d{18,}$"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_OF_PROGRAMS = r"^[+-]?\d{1,17}(?:\.\d+)?$"
_SURE = r"\.\d{1,2}$|\.\d{4,}$|^[+-]?0\.|^[+-]?\d{4,}\.\d+$"  # no point of thousands
HALF = 0.5  # of the whole numbers between the ends of a scale, at least, are levels of it
WHOLE = r"^\d{8,13}$"


def plain_numbers(counted: Counted, name: str) -> Found | None:
    """Numbers as programs write them; whole ones may be dates."""
    looked = counted.where(~counted.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(_PLAIN)) < MOSTLY:
        return None
    return _of_programs(counted, name) or read_numbers(counted, name)


def _of_programs(counted: Counted, name: str) -> Found | None:
    """What `read_numbers` finds where all cells are such numbers or words for nothing, at once; None elsewhere."""
    cells = counted.matches(_OF_PROGRAMS)
    missing = counted.stands_for_nothing & ~cells
    if not (cells | missing).all() or counted.matches(f"{PADDED}|{LONG}").any():
        return None
    layout = Layout(kind="number", missing=words_in(counted, missing))
    if days := _as_days(counted, name, cells, layout.missing):
        return days
    if not (cells & counted.matches(r"\.")).any():
        return Found(layout)
    return Found(layout, shows=frozenset({"decimal ."})) if (cells & counted.matches(_SURE)).any() else None


def read_numbers(counted: Counted, name: str, least: float = MOSTLY) -> Found | None:
    """Numbers with whatever people write around them.

    Parameters
    ----------
    least : float
        The share of the filled cells that must be numbers; 0 where a person says that they are.
    """
    if not counted.matches(BEGINS).any():
        return None
    flagged = marks.has_flags(counted)
    parts, plain = apart(counted.values, flagged), counted.matches(_PLAIN)
    named = counted.where(plain)
    names = named.matches(PADDED).any() or named.matches(LONG).any()  # 007 and numbers of 18 digits
    names = names or counted.matches(r"^\(.*\)$").all()  # counts in brackets; losses stand beside gains
    fits = [] if names and least else [(way, *kept_units(counted, parts, way.fits)) for way in ways(counted, parts)]
    if not fits:
        return None
    way, unit, cells = max(fits, key=lambda one: counted.share(one[2]))
    missing = _nothing(counted, cells) & ~cells
    left = counted.total - int(counted.counts[missing].sum())
    if counted.counts[cells].sum() < max(least * left, 1) or (least and _open_scale(counted, parts, cells)):
        return None
    layout = Layout(
        kind="number", decimal=way.decimal, thousands=way.thousands, unit=unit,
        missing=words_in(counted, missing), **unread(counted, cells | missing), flagged=flagged,
        asides=[*aside(counted, "mark", parts.marked & cells), *aside(counted, "bound", parts.bounded & cells)],
    )  # fmt: skip
    dated_at_all = least and counted.share(plain | missing) >= MOSTLY
    if dated_at_all and (days := _as_days(counted, name, plain, layout.missing)):
        return days
    return _with_others(layout, [one[0] for one in fits], counted, cells)


def _as_days(counted: Counted, name: str, plain: np.ndarray, missing: list[str]) -> Found | None:
    """Whole numbers that are dates, with the words that stand for nothing among them."""
    days = dated(counted, name, plain)
    if days is None:
        return None
    counted_days = aside(counted, "serial", plain) if serials.SERIAL in days.formats else []
    return Found(days.model_copy(update={"missing": missing, "asides": counted_days}))


def _nothing(counted: Counted, cells: np.ndarray) -> np.ndarray:
    """Words for “no value”: known ones, and one to three others that come back among many different numbers."""
    known = counted.stands_for_nothing
    others = ~cells & ~known
    odd = counted.where(others)
    few = 0 < len(odd.values) <= MARKERS and cells.sum() >= FEW_NUMBERS and counted.share(others) <= MARKER_SHARE
    markers = few and int(odd.counts.min()) > 1 and not odd.matches(r"\d").any()
    return known | others if markers else known


def _open_scale(counted: Counted, parts: Parts, cells: np.ndarray) -> bool:
    """“10+ years” beside “2 years”: levels of a scale, of which the last has no end; no “<5” beside 7.2 and 31."""
    bounded = parts.bounded & cells
    plain = cells & ~bounded
    few = len(counted.values) <= scales.MOST_LEVELS // 2
    if not (few and bounded.any() and plain.any() and scales.levels(counted)):
        return False
    whole = pc.match_substring_regex(parts.body, r"^\d{1,2}$").to_numpy(zero_copy_only=False)[plain]
    steps = np.unique(pc.cast(parts.body.filter(pa.array(plain)), pa.float64())) if whole.all() else np.zeros(0)
    return len(steps) > 0 and len(steps) >= HALF * (np.ptp(steps) + 1)


def dated(counted: Counted, name: str, plain: np.ndarray) -> Layout | None:
    """Whole numbers that are dates: 20170922, seconds since 1970, days as spreadsheets count them; or none."""
    whole = counted.where(plain)
    if whole.matches(WHOLE).all():
        return dates.compact(name, pc.cast(whole.values, pa.int64()).to_numpy())
    return serials.layout(name, whole)


def _with_others(layout: Layout, fits: list[NumberFit], counted: Counted, cells: np.ndarray) -> Found:
    """The other readings that fit the same cells where a mark stands in them at all, and what is certain."""
    marked = counted.where(cells & counted.matches(r"\d[.,]\d"))
    if not marked.total:
        return Found(layout)
    certain = [way for way in fits if way.certain]
    decimals = {way.decimal for way in certain} or {way.decimal for way in fits}
    if len(decimals) == 1:
        decimal = decimals.pop()
        way = next(way for way in [*certain, *fits] if way.decimal == decimal)
        shows = frozenset({f"decimal {decimal}"}) if certain else frozenset()
        return Found(layout.model_copy(update={"decimal": way.decimal, "thousands": way.thousands}), shows=shows)
    points = not marked.matches(r"\d,\d").any()
    comma = next((way for way in fits if way.decimal == "," and (way.thousands == "." or not points)), None)
    point = next((way for way in fits if way.decimal == "." and (way.thousands == "," or points)), None)
    grouped = point is not None and not points and money.without_cents(layout.unit)
    readings = [
        layout.model_copy(update={"decimal": way.decimal, "thousands": way.thousands, "ambiguous": unsure})
        for way, unsure in ((point, not points and not grouped), (comma, not points))
        if way is not None
    ]
    return Found(readings[0], readings[1:], frozenset({"thousands ,"} if grouped else ()))
