"""What another kind would make of a column: what is converted and into what, and what becomes missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Kind, Layout
from core.data.values.convert import convert
from core.data.values.counted import Counted
from core.data.values.lists import items
from core.data.values.recognise import Found, recognise, settle
from core.data.values.temporal import dates

EXAMPLES = 5
SHOWN = 8  # of the cells that become missing, the most frequent


@dataclass(frozen=True)
class Preview:
    """A column read as a wanted kind."""

    layout: Layout
    n_rows: int  # looked at
    n_different: int  # values
    n_converted: int  # cells
    n_missing: int  # cells that hold something and become missing
    missing: list[tuple[str, int]]  # the most frequent of them
    examples: list[tuple[str, str]]  # cell → what it becomes


def preview(
    strings: pa.ChunkedArray,
    name: str,
    kind: Kind,
    given: Layout | None = None,
    habits: frozenset[str] = frozenset(),
    delimiter: str = "",
) -> Preview:
    """Read a column of strings as a wanted kind.

    Parameters
    ----------
    given : Layout, optional
        How a person says that its cells are written.
    habits : frozenset of str
        What other columns of the file show, see `recognise.Found.shows`.
    delimiter : str
        Of the file.

    Examples
    --------
    >>> seen = preview(pa.chunked_array([["$4", "$1,250", "ask us", ""]]), "price", "number")
    >>> seen.n_converted, seen.n_missing, seen.missing, seen.examples
    (2, 1, [('ask us', 1)], [('$4', '4'), ('$1,250', '1250')])
    """
    one = recognise(strings, name, kind, given)
    layout = settle({name: one, "": Found(Layout(), shows=habits)}, delimiter)[name]
    counted = Counted.of(strings)
    made = _as_shown(counted.values, layout)
    good = pc.is_valid(made).to_numpy(zero_copy_only=False)
    odd = counted.where(~good)
    order = pa.array(np.argsort(-odd.counts, kind="stable")[:SHOWN])
    return Preview(
        layout=layout,
        n_rows=len(strings),
        n_different=len(counted.values),
        n_converted=counted.where(good).total,
        n_missing=odd.total,
        missing=list(zip(odd.values.take(order).to_pylist(), odd.counts[order].tolist(), strict=True)),
        examples=list(zip(_first(counted.values, good), _first(made, good), strict=True)),
    )


def exchanged(layout: Layout) -> Layout | None:
    """The other way to read the same cells: day and month, or decimals and thousands; None where there is only one.

    Examples
    --------
    >>> exchanged(Layout(kind="number", thousands=",")).decimal
    ','
    """
    if layout.kind == "date":
        return dates.exchanged(layout)
    if layout.kind != "number" or layout.separator or (layout.decimal, layout.thousands) == (".", ""):
        return None
    decimal, thousands = (",", "") if layout.decimal == "." else (".", ",")
    return layout.model_copy(update={"decimal": decimal, "thousands": thousands})


@dataclass(frozen=True)
class Assumed:
    """A cell that can be read in two ways, as it was read and as it might be."""

    cell: str
    read: str
    otherwise: str


def assumed(strings: pa.ChunkedArray, layout: Layout) -> Assumed | None:
    """An example for a layout that is an assumption; None where no cell shows it.

    Examples
    --------
    >>> assumed(pa.chunked_array([["05/05/2022", "07/01/2022"]]), Layout(kind="date", formats=["%m/%d/%Y"]))
    Assumed(cell='07/01/2022', read='2022-07-01', otherwise='2022-01-07')
    """
    other = exchanged(layout)
    if other is None:
        return None
    cells = Counted.of(strings).values
    now, then = _as_shown(cells, layout), _as_shown(cells, other)
    place = pc.index(pc.fill_null(pc.not_equal(now, then), False), True).as_py()
    return None if place < 0 else Assumed(*(one[place].as_py() for one in (cells, now, then)))


def _first(values: pa.Array, good: np.ndarray) -> list[str]:
    return [str(value) for value in values.filter(pa.array(good)).slice(0, EXAMPLES).to_pylist()]


def _as_shown(values: pa.Array, layout: Layout) -> pa.Array:
    """Cells by a layout, as strings: dates year first, numbers with a decimal point, items apart; null: missing."""
    made = convert(values, layout)
    if layout.kind == "list":
        found = [" · ".join(items(cell, layout.separator)) if cell else None for cell in made[0].to_pylist()]
        return pa.array(found, pa.string())
    if layout.kind == "ordered":
        places = {level: str(place) for place, level in enumerate(layout.levels, start=1)}
        return pa.array([places.get(cell) for cell in made[0].to_pylist()], pa.string())
    if pa.types.is_timestamp(made[0].type):
        text = pc.strftime(made[0], format="%Y-%m-%d %H:%M:%S")
        return pc.replace_substring_regex(text, r"( 00:00:00)?(\.0+)?$", "")
    return pc.binary_join_element_wise(*(pc.cast(one, pa.string()) for one in made), " / ")
