"""What a column's cells are, decided over the whole column, and where that leaves two answers, over the whole table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Kind, Layout
from core.data.values import kinds, lists
from core.data.values.as_wanted import MOST_OFF_SCALE, as_wanted, by_hand
from core.data.values.counted import Counted, counted_together
from core.data.values.found import Found
from core.data.values.numeric import identity, number_columns
from core.data.values.ordered import scales
from core.data.values.temporal import clock, dates, serials
from core.data.values.words import NOTHING

__all__ = ["MOST_OFF_SCALE", "Found", "of_counted", "recognise", "recognise_each", "settle", "shown_by"]

SAMPLED = 4000  # cells that decide whether it is worth to look at all of them
HALF = 0.5  # of these cells
LONGEST = 200  # characters of a cell that may be anything but text, on average
_FRACTION = r"^[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0?\.\d+)$"
_NAME_OF_DIGITS = rf"{number_columns.PADDED}|{number_columns.LONG}"


def recognise(
    column: pa.Array | pa.ChunkedArray,
    name: str,
    wanted: Kind | None = None,
    given: Layout | None = None,
    counted: Counted | None = None,
) -> Found:
    """The layout of a column of strings.

    Parameters
    ----------
    wanted : str, optional
        What a person says that it is: then whatever share of the cells can be read as that.
    given : Layout, optional
        How a person says that its cells are written: whether days stand first, which levels a scale has.
    counted : Counted, optional
        Its different values, where they are known.

    Examples
    --------
    >>> recognise(pa.array(["$1,200.50", "$980", "n/a"]), "price").layout.unit
    '$'
    """
    if wanted == "text" or (wanted is None and _surely_text(column)):
        return Found(Layout(kind="text"))
    if wanted is None and _surely_numbers(column, name):
        return Found(Layout(kind="number"), shows=frozenset({"decimal ."}))
    if given is not None:
        given = given.model_copy(update={"ambiguous": False})
        told = given if given.kind in ("text", "empty") else by_hand(counted or Counted.of(column), given)
        return Found(told, shows=shown_by(given))
    counted = counted or Counted.of(column)
    if not counted.total:
        return Found(Layout(kind="empty"))
    if wanted is None:
        return of_counted(counted, name)
    found = as_wanted(counted, name, wanted)
    return replace(found, layout=by_hand(counted, found.layout), others=[by_hand(counted, it) for it in found.others])


def recognise_each(
    columns: Mapping[str, pa.Array | pa.ChunkedArray],
    wanted: Mapping[str, Kind] | None = None,
    given: Mapping[str, Layout] | None = None,
) -> dict[str, Found]:
    """The same for all columns of a table; where it is short, many of them are looked at together.

    Examples
    --------
    >>> found = recognise_each({"day": pa.array(["2024-05-01"]), "price": pa.array(["$4"])})
    >>> {name: one.layout.kind for name, one in found.items()}
    {'day': 'date', 'price': 'number'}
    """
    short = all(len(column) <= SAMPLED for column in columns.values())
    counted = dict(counted_together(columns)) if short else {}
    wanted, given = wanted or {}, given or {}
    return {
        name: recognise(column, name, wanted.get(name), given.get(name), counted.get(name))
        for name, column in columns.items()
    }


def of_counted(counted: Counted, name: str) -> Found:
    """The layout of a column of which the different values are known: the first kind that most cells are of."""
    if not counted.matches(r"\d").any():
        return Found(kinds.as_words(counted, name))
    if identity.tells_apart(counted, name):
        return Found(Layout(kind="text"))
    numbers, plain = number_columns.read_numbers, number_columns.plain_numbers
    for look in (kinds.as_years, plain, kinds.as_dates, kinds.as_times, kinds.as_pairs, numbers):
        if (found := look(counted, name)) is not None:
            return found
    return Found(kinds.as_words(counted, name))


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
    if "thousands ," in shown and "decimal ," not in shown:  # of yen or won; a file that writes 3,5 is stronger
        shown |= {"decimal ."}
    both = {"decimal ,", "decimal ."} <= shown
    comma = ("decimal ," in shown and not both) or (delimiter == ";" and "decimal ." not in shown)
    day_first = "day first" in shown or ("month first" not in shown and comma)
    of_sport = any(map(clock.of_sport, found))
    dated = any(one.layout.kind == "date" for one in found.values())
    return {
        name: _took_or_was(one, of_sport, dated)
        if one.layout.kind == "time"
        else _settled(one, comma, day_first, shown)
        for name, one in found.items()
    }


def _took_or_was(one: Found, of_sport: bool, dated: bool) -> Layout:
    """Times of day; durations where they may be those, and other columns are of distances, paces, laps."""
    if not one.others or of_sport:
        return [one.layout, *one.others][-1]
    return one.layout.model_copy(update={"ambiguous": not dated})


def _settled(one: Found, comma: bool, day_first: bool, shown: frozenset[str]) -> Layout:
    every = [one.layout, *one.others]
    if one.layout.kind == "date" and one.others:
        first = next((it for it in every if (it.formats[0].startswith("%d")) == day_first), one.layout)
        return first.model_copy(update={"ambiguous": not shown & {"day first", "month first"}})
    if one.layout.kind == "number" and one.others:
        wanted = "," if comma else "."
        best = next((it for it in every if it.decimal == wanted), one.layout)
        sure = not {"decimal ,", "decimal ."} <= shown and (f"decimal {wanted}" in shown)
        sure = sure and one.layout.ambiguous  # yen beside 3,5: the column says one thing, the file another
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
    return counted.share(counted.matches(kinds.URL)) < HALF and not lists.separator(counted)


def _surely_numbers(column: pa.Array | pa.ChunkedArray, name: str) -> bool:
    """Whether all cells of a long column are plain numbers with decimal points that can't mean anything else."""
    if len(column) <= SAMPLED or identity.named_version(name) or serials.named_date(name):
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
