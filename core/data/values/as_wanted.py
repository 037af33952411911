"""A column as a person says that it is: whatever share of its cells can be read so; the rest becomes missing."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Kind, Layout
from core.data.values import lists
from core.data.values.convert import convert
from core.data.values.counted import Counted
from core.data.values.found import Found, unread
from core.data.values.kinds import as_dates, as_pairs, as_times, as_years, completed
from core.data.values.numeric.number_columns import dated, read_numbers
from core.data.values.numeric.numbers import numbers
from core.data.values.ordered import scales
from core.data.values.temporal import dates, periods, serials

HALF = 0.5
TRIED = 1000  # values that every layout of dates is tried on
KEPT_WORDS = 100  # of those that a person made missing: a model reads new files by them
MOST_OFF_SCALE = 1000


def as_wanted(counted: Counted, name: str, wanted: Kind) -> Found:
    """As a person says; what can't be read as that becomes missing."""
    if wanted == "number":
        parts = as_years(counted, name) or as_pairs(counted, name)  # c. 1900; fractions, and marks out of ten
        if parts is not None and parts.layout.kind == "number":
            return parts
        return read_numbers(counted, name, least=0.0) or Found(_nothing_read(counted, Layout(kind="number")))
    if wanted == "date":
        whole = counted.where(counted.matches(r"^\d{8,13}$"))
        days = (
            dated(whole, "date", np.ones(len(whole.values), dtype=bool)) if whole.total > HALF * counted.total else None
        )
        return Found(days) if days else as_dates(counted, name) or _dates_at_all(counted)
    if wanted in ("time", "duration", "pair"):
        times = as_times(counted, name)  # which knows minutes and seconds
        if times is None or times.layout.kind != wanted:
            layout = Layout(kind=wanted, separator="/") if wanted == "pair" else Layout(kind=wanted, unit="h")
            times = Found(completed(layout, counted))
        return times
    if wanted == "ordered":
        return Found(Layout(kind="ordered", levels=scales.levels(counted) or _frequent(counted)))
    marks = [mark for mark in lists.SEPARATORS if counted.matches(re.escape(mark)).any()] if wanted == "list" else []
    return Found(
        Layout(kind=wanted, separator=lists.separator(counted) or (marks or [","])[0] if wanted == "list" else "")
    )


def _nothing_read(counted: Counted, layout: Layout) -> Layout:
    return layout.model_copy(update=unread(counted, counted.stands_for_nothing))


def _dates_at_all(counted: Counted) -> Found:
    """The layout of dates that most cells have, however few."""
    few = counted.values.take(pa.array(np.linspace(0, len(counted.values) - 1, TRIED).astype(np.int64)))
    shares = {
        one: pc.count(dates.dates(few, Layout(kind="date", formats=[one]))).as_py()
        for one in (*dates.DAYS, *periods.PERIODS, dates.COMPACT, "%Y", serials.SERIAL)
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


def by_hand(counted: Counted, layout: Layout) -> Layout:
    """With what becomes missing; the words among it stand for nothing, since a person says so."""
    if not counted.total:
        return layout
    made = convert(counted.values, layout.model_copy(update={"missing": []}))[0]
    known = pc.is_in(made, pa.array(layout.levels, pa.string())) if layout.kind == "ordered" else pc.is_valid(made)
    cells = known.to_numpy(zero_copy_only=False)
    odd = counted.where(~cells)
    order = np.argsort(-odd.counts, kind="stable")[: MOST_OFF_SCALE if layout.kind == "ordered" else KEPT_WORDS]
    words = [str(word) for word in odd.values.take(pa.array(order)).to_pylist()]
    left = unread(counted, cells | counted.stands_for_nothing)
    return layout.model_copy(update={"missing": sorted(words), **left})
