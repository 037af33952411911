"""Cells by a layout: strings become numbers, moments or tidy words; what is of another kind is counted, and missing."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values import lists
from core.data.values.counted import tidied
from core.data.values.numeric.numbers import numbers
from core.data.values.spellings import with_one_spelling
from core.data.values.temporal import clock, dates, durations, years
from core.data.values.words import NO_VALUE, NOTHING

MOMENT = pa.timestamp("us")
WORDS = frozenset({"text", "empty", "boolean", "ordered", "list", "domain"})  # kinds whose cells stay words
APOSTROPHE = (  # '01234, as spreadsheets and shops mark digits that are text; no '90 and no '12/13, which are years
    r"^'(\+?(?:\d{3}[\d .()/-]*|\d{1,2}[ .()/-]+\d+[ .()/-]+\d[\d .()/-]*))$"
)
HALVES = (" (1)", " (2)")  # of the names of two columns made of one


def columns_of(name: str, layout: Layout) -> list[tuple[str, str]]:
    """The columns that one column of the file becomes, with its own name: one, but for pairs of numbers.

    Examples
    --------
    >>> columns_of("pressure", Layout(kind="pair"))
    [('pressure (1)', 'pressure'), ('pressure (2)', 'pressure')]
    """
    return [(name + half, name) for half in HALVES] if layout.kind == "pair" else [(name, "")]


def convert(column: pa.Array | pa.ChunkedArray, layout: Layout) -> list[pa.Array]:
    """A column of strings as what it is: one array, two for pairs. Cells that are not of its kind are null.

    Examples
    --------
    >>> convert(pa.array(["1,250", "n/a"]), Layout(kind="number", thousands=","))[0].to_pylist()
    [1250, None]
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if layout.kind in WORDS:
        words = _as_words(column, layout)
        return [with_one_spelling(words, layout.spellings) if layout.spellings else words]
    as_programs_do = (
        layout.kind == "number" and layout.decimal == "." and not (layout.unit or layout.separator or layout.formats)
    )
    if as_programs_do and (found := plain(column)) is not None:
        return [found]
    encoded = tidied(column).dictionary_encode()
    return [made.take(encoded.indices) for made in _made(encoded.dictionary, layout)]


def plain(column: pa.Array) -> pa.Array | None:
    """Numbers that a plain cast understands; None where a cell is anything else.

    Examples
    --------
    >>> plain(pa.array(["1.5", "", "-2"])).to_pylist(), plain(pa.array(["1,5"]))
    ([1.5, None, -2.0], None)
    """
    cells = pc.utf8_trim_whitespace(column)
    cells = pc.if_else(pc.is_in(cells, pa.array(sorted(NOTHING))), pa.scalar(None, pa.string()), cells)
    for kind in (pa.int64(), pa.float64()):
        try:
            found = pc.cast(cells, kind)
        except pa.ArrowInvalid:
            continue
        return found if kind == pa.int64() else pc.if_else(pc.is_finite(found), found, pa.scalar(None, kind))
    return None


def contradicting(column: pa.Array | pa.ChunkedArray, made: pa.Array, layout: Layout) -> int | None:
    """Where the first cell stands that holds something, and nothing of the column's kind; None if there is none.

    Examples
    --------
    >>> layout = Layout(kind="date", formats=["%d/%m/%Y"])
    >>> cells = pa.array(["07/01/2022", "", "01/31/2022"])
    >>> contradicting(cells, convert(cells, layout)[0], layout)
    2
    """
    if layout.kind in WORDS:
        return None
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    cells = tidied(column)
    nothing = pc.is_in(cells, pa.array(sorted(NOTHING | set(layout.missing))))
    nothing = pc.or_(nothing, pc.is_in(pc.utf8_lower(cells), pa.array(sorted(NO_VALUE))))
    odd = pc.and_(pc.fill_null(pc.invert(nothing), False), pc.and_(pc.is_valid(cells), pc.is_null(made)))
    place = pc.index(odd, True).as_py()
    return None if place < 0 else int(place)


def _made(values: pa.Array, layout: Layout) -> list[pa.Array]:
    if layout.kind == "date":
        return [dates.dates(values, layout)]
    if layout.kind in ("time", "duration"):
        on_clock = layout.kind == "time"
        return [_floats(clock.hours(values) if on_clock else durations.lengths(values, layout))]
    if layout.kind == "pair":
        return [_shortest(part) for part in lists.pair(values)]
    if layout.separator:  # fractions: 1/2
        first, second = lists.pair(values)
        return [_floats(first / np.where(second == 0, np.nan, second))]
    if layout.unit[:1] == "/" and layout.unit[1:2].isdigit():  # marks out of ten: 7/10
        return [_shortest(lists.pair(values)[0])]
    return [_shortest(years.years(values) if years.YEAR in layout.formats else numbers(values, layout))]


def _shortest(found: np.ndarray) -> pa.Array:
    """Whole numbers as such."""
    known = found[~np.isnan(found)]
    if len(known) and bool(np.all(known == np.round(known))) and bool(np.all(np.abs(known) < 2**53)):
        return pc.cast(_floats(found), pa.int64())
    return _floats(found)


def _floats(found: np.ndarray) -> pa.Array:
    return pa.array(np.where(np.isnan(found), np.nan, found), pa.float64(), from_pandas=True)


def _as_words(column: pa.Array, layout: Layout) -> pa.Array:
    if layout.kind == "text":
        if any(one.what == "apostrophe" for one in layout.asides):  # a model from before knows such cells as they are
            column = pc.replace_substring_regex(column, APOSTROPHE, r"\1")
        missing = pa.array(sorted(NOTHING | set(layout.missing)))
        return _without(column, missing)
    column = tidied(column) if layout.kind == "ordered" else pc.utf8_trim_whitespace(column)
    column = _without(column, pa.array(sorted(NOTHING | set(layout.missing))))
    if layout.kind == "domain":
        encoded = column.dictionary_encode()
        hosts = pa.array([_host(value) for value in encoded.dictionary.to_pylist()], pa.string())
        return hosts.take(encoded.indices)
    return column


def _without(column: pa.Array, words: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(column, words), pa.scalar(None, pa.string()), column)


def _host(address: str) -> str:
    """The site of a web address, without “www.”."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or address
    except ValueError:
        return address
    return host.removeprefix("www.")
