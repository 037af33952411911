"""The kinds that a column may be of, one after the other: dates, times, durations, pairs, scales, yes or no, lists."""

from __future__ import annotations

import re

import numpy as np

from core.data.schema import Aside, Layout
from core.data.values import lists
from core.data.values.convert import APOSTROPHE
from core.data.values.counted import Counted
from core.data.values.found import Found, aside, unread, words_in
from core.data.values.numeric import numbers
from core.data.values.numeric.numbers import MOSTLY
from core.data.values.ordered import grades, scales
from core.data.values.temporal import calendars, clock, coarse, dates, durations, years

MIXED = 0.05  # share of the cells that are times, and that are numbers, at least, to speak of it
_NO_DATE = r"[\"{}\[\]()<>=#@&*!?;|\\%$€£_^]"  # signs that stand in none
URL = r"^(?:https?://|www\.)[^\s/]+\.[^\s/]+\S*$"


def as_dates(counted: Counted, name: str) -> Found | None:
    """Dates and moments, and what they show of the order of day and month."""
    looked = counted.where(~counted.stands_for_nothing)
    if looked.share(~looked.matches(_NO_DATE)) < MOSTLY:
        return None
    found = dates.layouts(counted) or coarse.layouts(counted)
    if not found:
        return None
    first = completed(found[0], counted)
    shows: frozenset[str] = frozenset()
    if len(found) == 1 and re.match(r"%[dm][./-]%[dm]", first.formats[0]):
        day_first = first.formats[0].startswith("%d")
        certain = "." not in first.formats[0]
        shows = frozenset({"day first" if day_first else "month first"}) if certain or day_first else frozenset()
    others = [completed(one, counted) for one in found[1:]]
    if others and first.formats[0] == "%d.%m.%Y":  # nobody writes months first with points
        return Found(first, shows=frozenset({"day first"}))
    return Found(first, others, shows)


def completed(layout: Layout, counted: Counted) -> Layout:
    """With what could not be read, what was taken as given, and the words for nothing."""
    asides: list[Aside] = []
    if layout.kind == "time":
        cells = ~np.isnan(clock.hours(counted.values))
    elif layout.kind == "duration":
        cells = ~np.isnan(durations.lengths(counted.values, layout))
    elif years.YEAR in layout.formats:
        cells = ~np.isnan(years.years(counted.values))
        asides += aside(counted, "bound", years.rough(counted))
    elif layout.kind == "date":
        cells = coarse.read(counted, layout)
        asides += aside(counted, "first day", coarse.first_days(counted, layout) & cells)
        asides += aside(counted, "buddhist", cells) if calendars.BUDDHIST in layout.formats else []
        asides += aside(counted, "serial", coarse.of_spreadsheet(counted, layout) & cells)
    else:
        cells = ~np.isnan(lists.pair(counted.values)[0])
    missing = counted.stands_for_nothing & ~cells
    left = unread(counted, cells | missing)
    return layout.model_copy(update={"missing": words_in(counted, missing), "asides": asides, **left})


def as_years(counted: Counted, name: str) -> Found | None:
    """Years of which some are told roughly."""
    found = years.layout(counted, name)
    return Found(completed(found, counted)) if found else None


def as_times(counted: Counted, name: str) -> Found | None:
    """Times of day and durations."""
    found = clock.layouts(counted, name) or durations.layouts(counted)
    return Found(completed(found[0], counted), [completed(one, counted) for one in found[1:]]) if found else None


def as_pairs(counted: Counted, name: str) -> Found | None:
    """Two numbers in a cell; fractions and marks out of ten are one number."""
    found = lists.pair_layout(counted)
    return Found(completed(found[0], counted)) if found else None


def as_words(counted: Counted, name: str) -> Layout:
    """Yes or no, the levels of a scale, web addresses, lists; else words."""
    if pair := scales.answers(counted):
        others = [word for word in counted.values.to_pylist() if word.lower() not in pair]
        return Layout(kind="boolean", missing=others)
    if levels := scales.levels(counted) or grades.levels(counted, name):
        others = [word for word in counted.values.to_pylist() if word not in levels]
        return _with_one_name(Layout(kind="ordered", levels=levels, missing=others), counted)
    if counted.share(counted.matches(URL)) >= MOSTLY:
        return Layout(kind="domain")
    if len(counted.values) > 2 and (mark := lists.separator(counted)):
        return Layout(kind="list", separator=mark)
    times = counted.matches(clock.CLOCK)
    amounts = counted.matches(numbers.BEGINS) & ~times
    if min(counted.share(times), counted.share(amounts)) >= MIXED and (times | amounts).all():
        return Layout(kind="text", asides=aside(counted, "mixed", amounts))
    return Layout(kind="text", asides=aside(counted, "apostrophe", counted.matches(APOSTROPHE)))


def _with_one_name(layout: Layout, counted: Counted) -> Layout:
    """A scale whose levels have one name each: 2XL is XXL."""
    same = scales.same_levels(counted, layout.levels)
    if not same:
        return layout
    other = np.asarray([str(word).lower() in same for word in counted.values.to_pylist()], dtype=bool)
    levels = [level for level in layout.levels if level.lower() not in same]
    return layout.model_copy(update={"levels": levels, "spellings": same, "asides": aside(counted, "level", other)})
