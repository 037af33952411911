"""The first and the last rows of a file as they stand there, for a person who says where the table lies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from core.data.delimited import sniff, span
from core.data.encodings import detect as encoding
from core.data.formats import detect as formats
from core.data.formats import workbook
from core.data.schema import Reading, ReadOptions
from core.data.table_area.rows import Row
from core.messages import UnreadableFile

FIRST, LAST = 30, 5
_WHOLE_BYTES = 1 << 20  # of a text file that is gone through from end to end
_MOST_UNKNOWN = 64 << 20  # of a file that nothing is known of
_MOST_SHEET = 16 << 20  # unpacked, a sheet takes many times that


@dataclass(frozen=True)
class Preview:
    """Rows with their numbers; blank ones are left out."""

    first: list[Row]
    last: list[Row]

    @property
    def rows(self) -> list[Row]:
        return [*self.first, *self.last]


def raw_rows(path: Path, reading: Reading | None = None) -> Preview:
    """The first and last rows, by what is known of the file; no rows where it is too large, or no table at all.

    Parameters
    ----------
    reading : Reading or None
        How it was read; None if it could not be.
    """
    try:
        if formats.recognise(path) == "packed":  # not to be unpacked for a look
            return Preview([], [])
        if _is_sheet(path, reading):
            return _of_sheet(path, reading.sheet if reading else "")
        return _of_text(path, reading)
    except (UnreadableFile, OSError, ValueError, LookupError, calamine.CalamineError):
        return Preview([], [])


def _is_sheet(path: Path, reading: Reading | None) -> bool:
    return reading.format == "excel" if reading else formats.recognise(path) == "excel"


def _of_sheet(path: Path, name: str) -> Preview:
    if path.stat().st_size > _MOST_SHEET:
        return Preview([], [])
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if packed:
        formats.check_unpacked(path)
    book = calamine.load_workbook(str(path))
    sheet = book.get_sheet_by_name(name or book.sheet_names[0])
    return _ends([row for row in workbook.sheet_rows(sheet) if row.n_filled])


def _of_text(path: Path, reading: Reading | None) -> Preview:
    letters, dialect = (reading.encoding, sniff.Dialect(reading.delimiter, reading.quote)) if reading else _found(path)
    whole = span.Span(path, letters)
    if path.stat().st_size <= _WHOLE_BYTES:
        return _ends(list(whole.rows(dialect)))
    first = list(islice(whole.rows(dialect), FIRST))
    width = Counter(len(row.cells) for row in first).most_common(1)[0][0] if first else 0
    tail = span.tail(path, letters, dialect, width)
    before = span.count_lines(path, letters) - len(tail.lines)
    last = [replace(row, line=row.line + before, end=row.end + before) for row in tail.rows[-LAST:]]
    return Preview(first, last)


def _found(path: Path) -> tuple[str, sniff.Dialect]:
    if path.stat().st_size > _MOST_UNKNOWN:
        raise ValueError
    letters = encoding.find(path)
    text, whole = encoding.sample_text(path, letters, 1 << 18)
    return letters, sniff.sniff(text, whole, ReadOptions(), file_name=path.name)


def _ends(rows: list[Row]) -> Preview:
    return Preview(rows[:FIRST], rows[max(FIRST, len(rows) - LAST) :])
