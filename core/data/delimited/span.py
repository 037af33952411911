"""A part of a text file, by its bytes: what a parser gets to see where rows stand above or below the table."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from core.data.table_area.rows import Row

if TYPE_CHECKING:
    from core.data.delimited.sniff import Dialect

TAIL_BYTES = 1 << 16
_WIDE = {"utf-16": 2, "utf-16-le": 2, "utf-16-be": 2, "utf-32": 4, "utf-32-le": 4, "utf-32-be": 4}


@dataclass(frozen=True)
class Span:
    """The bytes of a file from `begin` up to `end`, None being the end of the file."""

    path: Path
    encoding: str
    begin: int = 0
    end: int | None = None
    line: int = 1  # the physical line that begins there

    @property
    def is_whole(self) -> bool:
        return self.begin == 0 and self.end is None

    @property
    def letters(self) -> str:
        """Its encoding: a mark at the beginning of the file is not there any more further down."""
        return unmarked(self.path, self.encoding) if self.begin else self.encoding

    def open(self) -> io.BufferedReader:
        """A file that holds just these bytes."""
        raw = self.path.open("rb", buffering=0)
        raw.seek(self.begin)
        return io.BufferedReader(_Part(raw, self.end), 1 << 16)

    def last_bytes(self, n_bytes: int) -> bytes:
        end = self.path.stat().st_size if self.end is None else self.end
        with self.path.open("rb") as file:
            file.seek(max(self.begin, end - n_bytes))
            return file.read(end - file.tell())

    def rows(self, dialect: Dialect) -> Iterator[Row]:
        """Its rows with their physical lines, blank lines left out."""
        with io.TextIOWrapper(self.open(), encoding=self.letters, newline="") as text:
            yield from numbered(text, dialect, self.line)


class _Part(io.RawIOBase):
    """A file that ends earlier."""

    def __init__(self, raw: io.FileIO, end: int | None) -> None:
        self._raw, self._end = raw, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer)  # a slice of a bytearray would be a copy
        if self._end is not None:
            view = view[: max(0, self._end - self._raw.tell())]
        return self._raw.readinto(view) or 0

    def close(self) -> None:
        self._raw.close()
        super().close()


def numbered(text: io.TextIOBase, dialect: Dialect, line: int = 1) -> Iterator[Row]:
    """Rows of a text with their physical lines, blank lines left out; ends where the text can't be parsed."""
    reader, before = dialect.rows(text), line - 1
    end = before
    try:
        for cells in reader:
            begin, end = end + 1, before + reader.line_num
            if cells:
                yield Row(begin, end, cells)
    except csv.Error:
        return


def head(text: str, dialect: Dialect, whole: bool, most: int | None = None) -> list[Row]:
    """The rows of the beginning of a file, `most` of them; a last line that may be cut is left out."""
    if not whole:
        text = text[: max(text.rfind("\n"), 0)] or text
    rows = list(islice(numbered(io.StringIO(text, newline=""), dialect), most))
    return rows if whole or len(rows) < 2 else rows[:-1]


@dataclass(frozen=True)
class Tail:
    """The last rows of a file; lines count from the first of `lines`, which need not be the file's first."""

    rows: list[Row]
    lines: list[str]
    size: int  # of the file
    letters: str

    def end_of(self, row: Row) -> int:
        """The place in the file where a row ends."""
        return self.size - len("".join(self.lines[row.end :]).encode(self.letters, errors="replace"))


def tail(path: Path, encoding: str, dialect: Dialect, width: int) -> Tail:
    """The last rows of a file: as many as end in one piece and mostly have that width, else none."""
    letters, size = unmarked(path, encoding), path.stat().st_size
    unit = _WIDE.get(encoding, 1)
    with path.open("rb") as file:
        file.seek(max(0, (size - TAIL_BYTES) // unit * unit))
        text = file.read().decode(letters, errors="ignore")
    lines = list(io.StringIO(text, newline=""))[1:]
    best: list[Row] = []
    for start in ("", dialect.quote) if dialect.quote else ("",):  # the piece may begin inside of quotes
        rows = list(numbered(io.StringIO(start + "".join(lines), newline=""), dialect))
        fit = sum(len(row.cells) == width for row in rows)
        if fit > sum(len(row.cells) == width for row in best) and fit > len(rows) / 2:
            best = rows
    return Tail(best, lines, size, letters)


def count_lines(path: Path, encoding: str) -> int:
    """How many physical lines a file has."""
    unit = _WIDE.get(encoding, 1)
    if unit > 1:
        with path.open(encoding=encoding, newline="") as text:
            return sum(1 for _line in text)
    breaks = returns = 0
    last = b"\n"
    with path.open("rb") as file:
        file.seek(len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
        while block := file.read(1 << 22):
            breaks += block.count(b"\n")
            returns += block.count(b"\r")
            last = block[-1:]
    return (breaks or returns) + (last not in b"\r\n")


def offset(path: Path, encoding: str, lines: int) -> int:
    """The place in the file where so many physical lines end."""
    if encoding in _WIDE:
        letters = unmarked(path, encoding)
        with path.open(encoding=encoding, newline="") as text:
            return _mark_bytes(path, encoding) + sum(len(line.encode(letters)) for line in islice(text, lines))
    with path.open(encoding="latin-1", newline="") as text:  # one character for each byte
        return sum(len(line) for line in islice(text, lines))


def unmarked(path: Path, encoding: str) -> str:
    """The encoding of the middle of a file, where no mark stands."""
    if encoding == "utf-8-sig":
        return "utf-8"
    if encoding in ("utf-16", "utf-32"):
        with path.open("rb") as file:
            start = file.read(2)
        return encoding + ("-be" if start in (codecs.BOM_UTF16_BE, b"\0\0") else "-le")
    return encoding


def _mark_bytes(path: Path, encoding: str) -> int:
    with path.open("rb") as file:
        start = file.read(4)
    marks = {"utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)}
    return next((len(mark) for mark in marks.get(encoding, ()) if start.startswith(mark)), 0)
