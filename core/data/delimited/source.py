"""A delimited text file as it is to be parsed: its letters, its layout, and the part of it that is the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.data.delimited import mend, sniff, span
from core.data.schema import ReadOptions
from core.data.table_area import find as areas
from core.data.table_area.find import Area
from core.data.table_area.rows import Row
from core.messages import UnreadableFile, _

# of a long file in which no rows are named by hand
LOOKED_AT = 1000  # rows that show where the table begins
MOST_ROWS = 2000  # that show whether blank cells are left out at the end of rows


@dataclass(frozen=True)
class Source:
    """A text file with its letters, its layout and its table."""

    path: Path
    encoding: str
    dialect: sniff.Dialect
    area: Area
    span: span.Span  # the part that the parser gets to see
    n_skip: int  # rows at its beginning that are no data
    last_row: int  # 0: not told apart
    short_too: bool  # whether rows leave out blank cells at their end
    checked: bool  # whether all of it is known to be valid in that encoding

    @property
    def names(self) -> list[str]:
        """As the file has them, of the columns that belong to the table."""
        return [self.area.names[column] for column in self.area.columns]

    def rows(self) -> Iterator[Row]:
        """The rows of data, by the slow parser that counts lines."""
        return (row for row in self.span.rows(self.dialect) if row.line >= self.area.first.line)


def locate(
    path: Path,
    encoding: str,
    dialect: sniff.Dialect,
    sample: tuple[str, bool],
    options: ReadOptions,
    checked: bool,
) -> Source:
    """Where in the file the table lies, and the part of it that is to be parsed.

    Parameters
    ----------
    sample : (str, bool)
        The beginning of the file as text, and whether that is all of it.

    Raises
    ------
    UnreadableFile
        It has no rows, or not those that the user named.
    """
    text, whole = sample
    told = options.header_rows is not None or options.first_row is not None or options.last_row is not None
    rows = span.head(text, dialect, whole, most=None if whole or told else MOST_ROWS)
    try:
        area = areas.find(rows if whole or told else rows[:LOOKED_AT], options, whole=whole)
    except areas.NoRows:
        raise no_rows(path) from None
    body = [row for row in rows if area.first.line <= row.line and (not whole or row.line <= area.last.line)]
    dialect = replace(dialect, header=bool(area.header))
    last_row, end = area.last.line if whole else 0, None
    if not whole and options.last_row is not None:
        last_row, end = _told_end(path, encoding, dialect, area, options.last_row)
    elif not whole:
        area, end = _far_foot(path, encoding, dialect, area, body[:LOOKED_AT])
        last_row = area.last.line if end else 0
    elif area.below:
        end = span.offset(path, encoding, area.last.end)
    short_too = mend.leaves_out_blanks(body, area.width)
    part, n_skip = _part(path, encoding, area, end)
    return Source(path, encoding, dialect, area, part, n_skip, last_row, short_too, checked)


def _part(path: Path, encoding: str, area: Area, end: int | None) -> tuple[span.Span, int]:
    """The bytes that hold the data, and how many rows at their beginning do not; a plain file stays whole."""
    if area.is_plain and end is None:
        return span.Span(path, encoding), len(area.header)
    begin = span.offset(path, encoding, area.first.line - 1)
    if begin >= path.stat().st_size:
        raise areas.no_such_row(area.first.line, span.count_lines(path, encoding))
    return span.Span(path, encoding, begin, end, area.first.line), 0


def _told_end(path: Path, encoding: str, dialect: sniff.Dialect, area: Area, last: int) -> tuple[int, int]:
    """The row asked for and the place where it ends, further down than was looked at."""
    begin = span.offset(path, encoding, area.first.line - 1)
    row = area.first
    for row in span.Span(path, encoding, begin, None, area.first.line).rows(dialect):
        if row.end >= last:
            break
    return row.line, span.offset(path, encoding, row.end)


def _far_foot(
    path: Path, encoding: str, dialect: sniff.Dialect, area: Area, body: list[Row]
) -> tuple[Area, int | None]:
    """What stands below a table whose end lies further down than was looked at, and where the table ends."""
    tail = span.tail(path, encoding, dialect, area.width)
    cut = areas.without_foot(area, body, tail.rows, whole=False)
    if not cut.below:
        return area, None
    end = tail.end_of(cut.last)
    before = span.count_lines(path, encoding) - len(tail.lines)
    below = [replace(row, line=row.line + before, end=row.end + before) for row in cut.below]
    last = replace(cut.last, line=cut.last.line + before, end=cut.last.end + before)
    cut = replace(cut, last=last, below=below)
    return replace(cut, notes=[*cut.notes, *areas.below_note(cut)]), end


def no_rows(path: Path) -> UnreadableFile:
    """The refusal of a header alone."""
    return UnreadableFile(
        _("“{file}” has a header but no rows."), _("Add at least one row below the header."), file=path.name
    )
