"""What a column's cells are, decided over the whole column, and where that leaves two answers, over the whole table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Kind, Layout
from core.data.values import clock, dates, lists, scales
from core.data.values.convert import convert
from core.data.values.counted import Counted
from core.data.values.numbers import (
    FEW_NUMBERS,
    MARKER_SHARE,
    MARKERS,
    MOSTLY,
    NumberFit,
    Parts,
    apart,
    kept_units,
    numbers,
    ways,
)
from core.data.values.words import NOTHING

SAMPLED = 4000  # cells that decide whether it is worth to look at all of them
HALF = 0.5  # of these cells
LONGEST = 200  # characters of a cell that may be anything but text, on average
SHOWN = 5
TRIED = 1000  # values that every layout of dates is tried on
KEPT_WORDS = 100  # of those that a person made missing: a model reads new files by them
MOST_OFF_SCALE = 1000
_PADDED = r"^[+-]?0\d+$"
_LONG = r"^[+-]?\d{18,}$"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_FRACTION = r"^[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0?\.\d+)$"
_NAME_OF_DIGITS = rf"{_PADDED}|{_LONG}"
URL = r"^(?:https?://|www\.)[^\s/]+\.[^\s/]+\S*$"


@dataclass(frozen=True)
class Found:
    """A column's layout, the ones that fit as well, and what the column shows of the table's habits."""

    layout: Layout
    others: list[Layout] = field(default_factory=list)
    shows: frozenset[str] = frozenset()  # "decimal ,", "decimal .", "day first", "month first"


def recognise(
    column: pa.Array | pa.ChunkedArray, name: str, wanted: Kind | None = None, given: Layout | None = None
) -> Found:
    """The layout of a column of strings.

    Parameters
    ----------
    wanted : str, optional
        What a person says that it is: then whatever share of the cells can be read as that.
    given : Layout, optional
        How a person says that its cells are written: whether days stand first, which levels a scale has.

    Examples
    --------
    >>> recognise(pa.array(["$1,200.50", "$980", "n/a"]), "price").layout.unit
    '$'
    """
    if wanted == "text" or (wanted is None and _surely_text(column)):
        return Found(Layout(kind="text"))
    if wanted is None and _surely_numbers(column):
        return Found(Layout(kind="number"), shows=frozenset({"decimal ."}))
    if given is not None:
        given = given.model_copy(update={"ambiguous": False})
        told = given if given.kind in ("text", "empty") else _by_hand(Counted.of(column), given)
        return Found(told, shows=shown_by(given))
    counted = Counted.of(column)
    if not counted.total:
        return Found(Layout(kind="empty"))
    if wanted is None:
        return of_counted(counted, name)
    found = _as_wanted(counted, name, wanted)
    return replace(found, layout=_by_hand(counted, found.layout), others=[_by_hand(counted, it) for it in found.others])


def of_counted(counted: Counted, name: str) -> Found:
    """The layout of a column of which the different values are known: the first kind that most cells are of."""
    for look in (_plain_numbers, _dates, _clock, _pairs, _read_numbers):
        if (found := look(counted, name)) is not None:
            return found
    return Found(_words(counted))


def settle(found: Mapping[str, Found], delimiter: str = "") -> dict[str, Layout]:
    """One layout per column: what one column shows decides for those that could be read in two ways.

    Parameters
    ----------
    delimiter : str
        Of the file: semicolons stand where the comma is the decimal mark.

    Examples
    --------
    >>> one = recognise(pa.array(["1,250", "8,375"]), "a"); two = recognise(pa.array(["0,5", "12,75"]), "b")
    >>> settle({"a": one, "b": two})["a"].decimal
    ','
    """
    shown = frozenset().union(*(one.shows for one in found.values())) if found else frozenset()
    both = {"decimal ,", "decimal ."} <= shown
    comma = ("decimal ," in shown and not both) or (delimiter == ";" and "decimal ." not in shown)
    day_first = "day first" in shown or ("month first" not in shown and comma)
    return {name: _settled(one, comma, day_first, shown) for name, one in found.items()}


def _settled(one: Found, comma: bool, day_first: bool, shown: frozenset[str]) -> Layout:
    every = [one.layout, *one.others]
    if one.layout.kind == "date" and one.others:
        first = next((it for it in every if (it.formats[0].startswith("%d")) == day_first), one.layout)
        return first.model_copy(update={"ambiguous": not shown & {"day first", "month first"}})
    if one.layout.kind == "number" and one.others:
        wanted = "," if comma else "."
        best = next((it for it in every if it.decimal == wanted), one.layout)
        sure = not {"decimal ,", "decimal ."} <= shown and (f"decimal {wanted}" in shown)
        return best.model_copy(update={"ambiguous": best.ambiguous and not sure})
    return one.layout


def _surely_text(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether some of the cells, spread over all, show that nothing but text (or a category) can come of the column."""
    if len(column) <= SAMPLED:
        return False
    few = column.take(pa.array(np.linspace(0, len(column) - 1, SAMPLED).astype(np.int64)))
    counted = Counted.of(few)
    if not counted.total:
        return False
    if float(pc.mean(pc.utf8_length(counted.values)).as_py()) > LONGEST:
        return True
    if counted.share(counted.matches(r"\d")) >= HALF or len(counted.values) <= scales.MOST_LEVELS:
        return False
    return counted.share(counted.matches(URL)) < HALF and not lists.separator(counted)


def _surely_numbers(column: pa.Array | pa.ChunkedArray) -> bool:
    """Whether all cells of a long column are plain numbers with decimal points that can't mean anything else."""
    if len(column) <= SAMPLED:
        return False
    few = Counted.of(column.slice(0, SAMPLED))
    if not few.total or few.share(few.matches(_FRACTION)) < HALF:  # whole numbers may be dates
        return False
    cells = pc.if_else(pc.is_in(column, pa.array(sorted(NOTHING))), pa.scalar(None, pa.string()), column)
    try:
        pc.cast(pc.utf8_trim_whitespace(cells), pa.float64())
    except pa.ArrowInvalid:
        return False
    return not pc.any(pc.match_substring_regex(cells, _NAME_OF_DIGITS)).as_py()


# What it may be, one after the other


def _plain_numbers(counted: Counted, name: str) -> Found | None:
    """Numbers as programs write them; whole ones may be dates."""
    looked = counted.where(~counted.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(_PLAIN)) < MOSTLY:
        return None
    return _read_numbers(counted, name)


def _read_numbers(counted: Counted, name: str, least: float = MOSTLY) -> Found | None:
    """Numbers with whatever people write around them.

    Parameters
    ----------
    least : float
        The share of the filled cells that must be numbers; 0 where a person says that they are.
    """
    parts, plain = apart(counted.values), counted.matches(_PLAIN)
    named = counted.where(plain)
    names = named.matches(_PADDED).any() or named.matches(_LONG).any()  # 007 and numbers of 18 digits
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
        missing=_words_of(counted, missing), **_unread(counted, cells | missing),
    )  # fmt: skip
    if least and counted.share(plain | missing) >= MOSTLY and (dated := _dated(counted, name, plain)):
        return Found(dated.model_copy(update={"missing": layout.missing}))
    return _with_others(layout, [one[0] for one in fits], counted, cells)


def _nothing(counted: Counted, cells: np.ndarray) -> np.ndarray:
    """Words for “no value”: known ones, and one to three others that come back among many different numbers."""
    known = counted.stands_for_nothing
    others = ~cells & ~known
    odd = counted.where(others)
    few = 0 < len(odd.values) <= MARKERS and cells.sum() >= FEW_NUMBERS and counted.share(others) <= MARKER_SHARE
    markers = few and int(odd.counts.min()) > 1 and not odd.matches(r"\d").any()
    return known | others if markers else known


def _open_scale(counted: Counted, parts: Parts, cells: np.ndarray) -> bool:
    """“10+ years” beside “2 years”: levels of a scale, of which the last has no end."""
    bounded = parts.bounded & cells
    plain = cells & ~bounded
    few = len(counted.values) <= scales.MOST_LEVELS // 2
    return bool(few and bounded.any() and plain.any() and scales.levels(counted))


def _dated(counted: Counted, name: str, plain: np.ndarray) -> Layout | None:
    values = counted.where(plain).values
    if counted.where(plain).matches(r"^\d{8,13}$").all():
        return dates.compact(name, pc.cast(values, pa.int64()).to_numpy())
    return None


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
    readings = [
        layout.model_copy(update={"decimal": way.decimal, "thousands": way.thousands, "ambiguous": not points})
        for way in (point, comma)
        if way is not None
    ]
    return Found(readings[0], readings[1:])


def _dates(counted: Counted, name: str) -> Found | None:
    found = dates.layouts(counted)
    if not found:
        return None
    first = _completed(found[0], counted)
    shows: frozenset[str] = frozenset()
    if len(found) == 1 and re.match(r"%[dm][./-]%[dm]", first.formats[0]):
        day_first = first.formats[0].startswith("%d")
        certain = "." not in first.formats[0]
        shows = frozenset({"day first" if day_first else "month first"}) if certain or day_first else frozenset()
    others = [_completed(one, counted) for one in found[1:]]
    if others and first.formats[0] == "%d.%m.%Y":  # nobody writes months first with points
        return Found(first, shows=frozenset({"day first"}))
    return Found(first, others, shows)


def _completed(layout: Layout, counted: Counted) -> Layout:
    """With what could not be read, and the words for nothing."""
    if layout.kind in {"time", "duration"}:
        cells = ~np.isnan(clock.hours(counted.values))
    elif layout.kind == "date":
        cells = pc.is_valid(dates.dates(counted.values, layout)).to_numpy(zero_copy_only=False)
    else:
        cells = ~np.isnan(lists.pair(counted.values)[0])
    missing = counted.stands_for_nothing & ~cells
    return layout.model_copy(update={"missing": _words_of(counted, missing), **_unread(counted, cells | missing)})


def _clock(counted: Counted, name: str) -> Found | None:
    found = clock.layouts(counted, name)
    return Found(_completed(found[0], counted)) if found else None


def _pairs(counted: Counted, name: str) -> Found | None:
    found = lists.pair_layout(counted)
    return Found(_completed(found[0], counted)) if found else None


def _words(counted: Counted) -> Layout:
    if scales.is_boolean(counted):
        return Layout(kind="boolean")
    if levels := scales.levels(counted):
        missing = [word for word in counted.values.to_pylist() if word not in levels]
        return Layout(kind="ordered", levels=levels, missing=missing)
    if counted.share(counted.matches(URL)) >= MOSTLY:
        return Layout(kind="domain")
    if len(counted.values) > 2 and (mark := lists.separator(counted)):
        return Layout(kind="list", separator=mark)
    return Layout(kind="text")


def _as_wanted(counted: Counted, name: str, wanted: Kind) -> Found:
    """As a person says; what can't be read as that becomes missing."""
    if wanted == "number":
        parts = _pairs(counted, name)  # fractions, and marks out of ten
        if parts is not None and parts.layout.kind == "number":
            return parts
        return _read_numbers(counted, name, least=0.0) or Found(_nothing_read(counted, Layout(kind="number")))
    if wanted == "date":
        whole = counted.where(counted.matches(r"^\d{8,13}$"))
        days = (
            _dated(whole, "date", np.ones(len(whole.values), dtype=bool))
            if whole.total > HALF * counted.total
            else None
        )
        return Found(days) if days else _dates(counted, name) or _dates_at_all(counted)
    if wanted in ("time", "duration", "pair"):
        layout = Layout(kind=wanted, separator="/") if wanted == "pair" else Layout(kind=wanted, unit="h")
        return Found(_completed(layout, counted))
    if wanted == "ordered":
        return Found(Layout(kind="ordered", levels=scales.levels(counted) or _frequent(counted)))
    marks = [mark for mark in lists.SEPARATORS if counted.matches(re.escape(mark)).any()] if wanted == "list" else []
    return Found(
        Layout(kind=wanted, separator=lists.separator(counted) or (marks or [","])[0] if wanted == "list" else "")
    )


def _nothing_read(counted: Counted, layout: Layout) -> Layout:
    return layout.model_copy(update=_unread(counted, counted.stands_for_nothing))


def _dates_at_all(counted: Counted) -> Found:
    """The layout of dates that most cells have, however few."""
    few = counted.values.take(pa.array(np.linspace(0, len(counted.values) - 1, TRIED).astype(np.int64)))
    shares = {
        one: pc.count(dates.dates(few, Layout(kind="date", formats=[one]))).as_py()
        for one in (*dates.DAYS, dates.QUARTER, dates.COMPACT, "%Y")
    }
    same = [one for one in shares if shares[one] == max(shares.values())]
    first, *others = [Layout(kind="date", formats=[one]) for one in same]
    return Found(first, others if others and dates.exchanged(first) == others[0] else [])


def _frequent(counted: Counted) -> list[str]:
    """The most frequent values, numbers by their size."""
    order = np.argsort(-counted.counts, kind="stable")[: scales.MOST_LEVELS]
    words = [str(word) for word in counted.values.take(pa.array(order)).to_pylist()]
    known = counted.stands_for_nothing[order]
    words = [word for word, nothing in zip(words, known, strict=True) if not nothing] or words
    values = dict(zip(words, numbers(pa.array(words), Layout(kind="number")).tolist(), strict=True))
    return sorted(words, key=lambda word: (np.isnan(values[word]), values[word], word))


def _by_hand(counted: Counted, layout: Layout) -> Layout:
    """With what becomes missing; the words among it stand for nothing, since a person says so."""
    if not counted.total:
        return layout
    made = convert(counted.values, layout.model_copy(update={"missing": []}))[0]
    known = pc.is_in(made, pa.array(layout.levels, pa.string())) if layout.kind == "ordered" else pc.is_valid(made)
    cells = known.to_numpy(zero_copy_only=False)
    odd = counted.where(~cells)
    order = np.argsort(-odd.counts, kind="stable")[: MOST_OFF_SCALE if layout.kind == "ordered" else KEPT_WORDS]
    words = [str(word) for word in odd.values.take(pa.array(order)).to_pylist()]
    unread = _unread(counted, cells | counted.stands_for_nothing)
    return layout.model_copy(update={"missing": sorted(words), **unread})


def shown_by(layout: Layout) -> frozenset[str]:
    """What a column whose layout is certain says of the others."""
    if layout.ambiguous:
        return frozenset()
    if layout.kind == "number":
        found = {"decimal ,": layout.decimal == ",", "decimal .": layout.thousands == ","}
    else:
        start = layout.formats[0][:2] if layout.kind == "date" and dates.exchanged(layout) else ""
        found = {"day first": start == "%d", "month first": start == "%m"}
    return frozenset(habit for habit, shown in found.items() if shown)


def _words_of(counted: Counted, mask: np.ndarray) -> list[str]:
    return sorted(str(word) for word in counted.where(mask).values.to_pylist())


def _unread(counted: Counted, read: np.ndarray) -> dict[str, object]:
    """How many cells are of another kind, and some of them, the most frequent first."""
    odd = counted.where(~read)
    order = np.argsort(-odd.counts, kind="stable")[:SHOWN]
    return {"n_unread": odd.total, "unread": odd.values.take(pa.array(order)).to_pylist() if odd.total else []}
