"""Where in a file or a sheet the table lies: its header, its first and last row, and what stands above and below it.

A person sees it by where widths and kinds settle: a title is far narrower than the table, a key with its value is too,
a total says that it is one. What is left out is said in a sentence; a plain table is never cut. How cells are read, and
where the rows come from, is the business of `delimited` and `workbook`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from core.data.delimited import sniff
from core.data.schema import ReadOptions
from core.data.table_area import feet, headers
from core.data.table_area.notes import left_out, several_tables
from core.data.table_area.rows import MISSING, Row, Shape, is_value
from core.messages import Message, UnreadableFile, _, _n, say

ABOVE = _n(
    "{n} row above the data was left out, row {rows}: {cells}.",
    "{n} rows above the data were left out, rows {rows}: {cells}.",
)
BELOW = _n(
    "{n} row below the data was left out, row {rows}: {cells}.",
    "{n} rows below the data were left out, rows {rows}: {cells}.",
)
AT_THE_EDGE = _n(
    "{n} column at the edge without a name or a value was left out.",
    "{n} columns at the edge without a name or a value were left out.",
)
MOST_ABOVE = 200  # rows of a title or preamble; what goes on longer is a table


class NoRows(Exception):
    """There is a header, and nothing below it."""


@dataclass(frozen=True)
class Area:
    """Where a table lies. Rows are physical lines of a text file or rows of a sheet, from 1."""

    header: list[Row]  # that name the columns; none: the columns have no names
    names: list[str]
    first: Row  # of the data
    last: Row  # of those that were looked at
    width: int
    columns: list[int]  # those that belong to the table: blank ones at its edge don't
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def header_rows(self) -> list[int]:
        return [row.line for row in self.header]

    @cached_property
    def is_plain(self) -> bool:
        """A header in the first line, or none, and rows to the end: nothing is to be left out."""
        return not self.above and not self.below and self.header_rows in ([], [1])


def find(
    rows: Sequence[Row],
    options: ReadOptions,
    *,
    whole: bool = True,
    merged: Sequence[headers.Merged] = (),
) -> Area:
    """Where the table lies.

    Parameters
    ----------
    rows : rows that are not blank lines
        The first ones of the file, all of them where `whole`; else `without_foot` is for the last ones.
    merged : (row, first column, last column), ...
        Cells of a sheet that were joined over columns, from (1, 0, 0).

    Raises
    ------
    NoRows
    UnreadableFile
        A row that the user named is not there.

    Examples
    --------
    >>> lines = ["Sales 2023", "item,sold", "a,1", "b,2", "Total,3"]
    >>> area = find([Row(n, n, line.split(",")) for n, line in enumerate(lines, start=1)], ReadOptions())
    >>> area.header_rows, area.first.line, area.last.line
    ([2], 3, 4)
    """
    if not rows:
        raise NoRows
    if options.header_rows is not None or options.first_row is not None:
        return _as_told(rows, options, whole, merged)
    kept, below = _until(rows, options.last_row)
    if not kept:
        raise no_such_row(options.last_row or 1, rows[-1].end)
    others: list[Message] = []
    above: list[Row] = []
    if whole and options.last_row is None:
        above, kept, below, others = _largest(kept)
    shape = Shape.of(kept)
    top = _top(kept, shape, options)
    header, start, between = headers.find(kept, top, shape, merged, options.header)
    if start >= len(kept) and not whole and header:
        kept.append(Row(kept[-1].end + 1, kept[-1].end + 1, kept[header[-1]].cells))  # longer than what was looked at
    area = _area(kept, shape, header, start, [*above, *kept[: min([*header, top, start])], *between], below, merged)
    if whole and options.last_row is None:
        area = without_foot(area, kept[start:], kept[start:], whole)
    return replace(area, notes=[*others, *_notes(area, said=others)])


def _area(
    rows: Sequence[Row],
    shape: Shape,
    header: list[int],
    start: int,
    above: list[Row],
    below: Sequence[Row],
    merged: Sequence[headers.Merged],
) -> Area:
    if start >= len(rows):
        raise NoRows
    named = [rows[index] for index in header]
    width, names = headers.names(named, rows[start:], shape, merged)
    return Area(
        named, names, rows[start], rows[-1], width, _columns(names, rows[start:], width), above, list(below)
    )  # fmt: skip


def _columns(names: list[str], body: Sequence[Row], width: int) -> list[int]:
    """All but those on the edges that have neither a name nor a value."""
    blank = [
        not names[place].strip() and not any(row.cell(place) for row in body if len(row.cells) == width)
        for place in range(width)
    ]
    if all(blank):
        return list(range(width))
    return list(range(blank.index(False), width - blank[::-1].index(False)))


def without_foot(area: Area, body: Sequence[Row], rows: Sequence[Row], whole: bool) -> Area:
    """The same table without what stands below it.

    Parameters
    ----------
    body : rows
        Some rows of the table.
    rows : rows
        The last ones; all of the table where `whole`.
    """
    n_below = feet.count(rows, Shape.of(body), area.width, sums=whole, known=body) if len(rows) > 1 else 0
    if not n_below:
        return area
    return replace(area, last=rows[-n_below - 1], below=[*rows[-n_below:], *area.below])


def _notes(area: Area, said: Sequence[Message] = ()) -> list[Message]:
    """What was left out, unless it was `said` already."""
    notes = headers.notes(area.header, area.names)
    if not said:
        notes += [*left_out(area.above, ABOVE), *below_note(area)]
    if dropped := area.width - len(area.columns):
        notes.append(say(AT_THE_EDGE, n=dropped))
    return notes


def below_note(area: Area) -> list[Message]:
    """What stands below the table."""
    return left_out(area.below, BELOW)


def _until(rows: Sequence[Row], last: int | None) -> tuple[list[Row], list[Row]]:
    if last is None:
        return list(rows), []
    return [row for row in rows if row.line <= last], [row for row in rows if row.line > last]


def _as_told(
    rows: Sequence[Row],
    options: ReadOptions,
    whole: bool,
    merged: Sequence[headers.Merged],
) -> Area:
    """What the user said of header and first row holds; only the rest is found."""
    kept, below = _until(rows, options.last_row)
    header = _told_header(kept, options, merged)
    before = max((kept[index].end for index in header), default=0)
    first = options.first_row if options.first_row is not None else before + 1
    start = next((index for index, row in enumerate(kept) if row.end >= first and row.line > before), len(kept))
    if first <= before:
        raise UnreadableFile(
            _("The data can't begin in row {row}: the header reaches to row {last}."),
            _("Choose a row below the header."),
            row=first,
            last=before,
        )
    if start >= len(kept) and not whole and options.first_row is not None:
        kept.append(Row(first, first, kept[header[-1]].cells if header else kept[-1].cells))  # below what was looked at
    if start >= len(kept):
        raise no_such_row(first, options.last_row or max((row.end for row in rows), default=0))
    shape = Shape.of(kept[start:])
    above = [row for index, row in enumerate(kept[:start]) if index not in header]
    area = _area(kept, shape, header, start, above, below, merged)
    if whole and options.last_row is None:
        area = without_foot(area, kept[start:], kept[start:], whole)
    return replace(area, notes=_notes(area))


def _told_header(rows: Sequence[Row], options: ReadOptions, merged: Sequence[headers.Merged]) -> list[int]:
    if options.header_rows is not None:
        found = []
        for line in sorted(set(options.header_rows)):
            index = next((index for index, row in enumerate(rows) if row.line <= line <= row.end), None)
            if index is None:
                raise no_such_row(line, max((row.end for row in rows), default=0))
            found.append(index)
        return found
    n_before = sum(row.line < (options.first_row or 0) for row in rows)
    if options.header is False or not n_before:
        return []
    shape = Shape.of(rows)
    header, _start, _between = headers.find(rows, _top(rows, shape, options), shape, merged, options.header)
    return header if header and max(header) < n_before else [n_before - 1]


def no_such_row(row: int, last: int) -> UnreadableFile:
    """The refusal of a row that was asked for."""
    return UnreadableFile(
        _("Row {row} is blank or not there."), _("Choose a row that holds something, up to row {last}."),
        row=row, last=last,
    )  # fmt: skip


def _top(rows: Sequence[Row], shape: Shape, options: ReadOptions) -> int:
    """The row where the table begins: the first that is not far narrower, if what stands above can't be rows."""
    narrow = _first(rows, lambda index: not shape.is_narrow(rows[index]))
    for top in dict.fromkeys((_settled(rows, narrow, shape), narrow)):
        if 0 < top < len(rows) and _stands_above(rows[:top], rows[top:], shape, options):
            return top
    return 0


def _first(rows: Sequence[Row], holds: Callable[[int], bool]) -> int:
    return next((index for index in range(min(len(rows), MOST_ABOVE)) if holds(index)), 0)


def _settled(rows: Sequence[Row], narrow: int, shape: Shape) -> int:
    """Below sentences that happen to hold delimiters, too: the first row of the table's width after a blank line."""

    def begins(index: int) -> bool:
        row, before = rows[index], rows[index - 1]
        return index > narrow and shape.fits(row) and (row.line > before.end + 1 or before.is_sentence)

    if shape.fits(rows[narrow]) and not rows[narrow].is_comment:
        return narrow
    return _first(rows, begins) or narrow


def _stands_above(above: Sequence[Row], rows: Sequence[Row], shape: Shape, options: ReadOptions) -> bool:
    """Rows that are no rows of the table: of another width, or short ones above what plainly names the columns."""
    if all(not shape.fits(row) for row in above):
        return True
    if options.header is False:
        return False
    first = rows[0]
    names = sniff.has_header([row.padded(shape.width) for row in rows[:1000]])
    if any(is_value(cell) for cell in first.filled):  # years, or data without a header
        titles = all(row.extent <= 1 and len(row.text.split()) > 1 for row in above if row.n_filled)
        return (names or titles) and first.n_filled == shape.width > 2
    return names and (first.n_filled >= shape.fill > 2 or headers.names_another_kind(first, rows[1:], shape))


def _largest(rows: list[Row]) -> tuple[list[Row], list[Row], list[Row], list[Message]]:
    """Of tables that stand one after the other the one with the most cells.  →  above, rows, below, what to say"""
    starts = _starts(rows)
    if len(starts) < 2:
        return [], rows, [], []
    ends = [*starts[1:], len(rows)]
    sizes = [sum(row.n_filled for row in rows[start:end]) for start, end in zip(starts, ends, strict=True)]
    best = sizes.index(max(sizes))
    start, end = starts[best], ends[best]
    note = several_tables(rows[start:end], [*rows[:start], *rows[end:]], len(starts))
    return rows[:start], rows[start:end], rows[end:], [note]


def _starts(rows: list[Row]) -> list[int]:
    """Where tables begin: after a blank row comes a header whose words don't fit the columns above."""
    blocks = [index for index in range(1, len(rows)) if rows[index].n_filled and _blank_before(rows, index)]
    starts = [0]
    for index, end in pairwise([*blocks, len(rows)]):
        header = next((place for place in range(index, end) if rows[place].n_filled > 1), end)
        body = rows[header + 1 : end]
        if len(body) >= 2 and _is_another(rows[starts[-1] : index], rows[header], body):
            starts.append(index)
    return starts


def _blank_before(rows: list[Row], index: int) -> bool:
    before = rows[index - 1]
    return not before.n_filled or rows[index].line > before.end + 1


def _is_another(before: list[Row], header: Row, body: list[Row]) -> bool:
    shape = Shape.of(before)
    table = [row for row in before if row.n_filled > 1 and not shape.is_narrow(row) and not row.is_pair]
    if len(table) < 3 or any(is_value(cell) for cell in header.filled):
        return False
    if len(set(header.filled)) < header.n_filled or any(_repeats(header, row) for row in [*table[1:], *body]):
        return False
    own = Shape.of([header, *body])
    if shape.fill <= own.fill / 2 or own.is_narrow(header):
        return False
    if not sniff.has_header([row.padded(own.width) for row in [header, *body]]):
        return False
    widths = Counter(row.extent for row in table)
    if header.extent != widths.most_common(1)[0][0] and len({len(row.cells) for row in [*table, header]}) > 1:
        return all(len(row.cells) == len(header.cells) for row in body)
    return any(header.cell(place) not in MISSING for place in shape.number_columns(table[1:]))


def _repeats(header: Row, row: Row) -> bool:
    """Whether a row has one of the words in the same column: then it is no name."""
    return any(cell.strip() and cell.strip() == row.cell(place) for place, cell in enumerate(header.cells))
