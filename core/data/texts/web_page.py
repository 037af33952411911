"""Tables of web pages, and of Excel's older XML, as programs export them under the name of a sheet (.xls)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from core.data.encodings import detect as encodings
from core.messages import UnreadableFile, _

Joined = tuple[int, int, int, int]  # first and last row from 1, first and last column from 0
MOST_BYTES = 64 << 20
MOST_CELLS = 12_000_000  # blank ones counted
_TABLES, _ROWS, _CELLS = frozenset({"table"}), frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_UNSEEN = frozenset({"script", "style", "title", "template"})
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096


@dataclass
class Found:
    """One table: its rows, and which cells were made one."""

    name: str = ""  # of the sheet; else its title; "" where none is written
    rows: dict[int, dict[int, str]] = field(default_factory=dict)  # from 1 → column from 0 → text
    joined: list[Joined] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)  # cells that one of an earlier row reaches down to

    @property
    def n_filled(self) -> int:
        return sum(bool(cell) for row in self.rows.values() for cell in row.values())

    def cells(self) -> list[list[str]]:
        """Its rows from the first line on, of one width."""
        width = max((max(row, default=-1) + 1 for row in self.rows.values()), default=0)
        return [
            [self.rows.get(line, {}).get(column, "") for column in range(width)]
            for line in range(1, max(self.rows, default=0) + 1)
        ]


def tables(path: Path) -> list[Found]:
    """The tables of a file that hold something, in their order; those inside of others stand for themselves.

    Raises
    ------
    UnreadableFile
        It is far too large, or its letters can't be told.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path)
    reader = _Reader(path)
    reader.feed(_text(path))
    reader.close()
    return [table for table in reader.found if table.n_filled]


def _text(path: Path) -> str:
    """All of the file, in the letters that it says, or that it shows."""
    data = path.read_bytes()
    told = None if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else _CHARSET.search(data[:_HEAD_BYTES])
    if told:
        try:
            return codecs.decode(data, told[1].decode("ascii"))
        except (LookupError, UnicodeError, TypeError):
            pass
    return path.read_text(encoding=encodings.find(path))


def _too_large(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("“{file}” holds a table that is too large to be read from a web page."),
        _("Save it as CSV and upload that."),
        file=path.name,
    )


class _Reader(HTMLParser):
    """Fills the tables in; ends of rows and cells may be left out, as in HTML."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Found] = []
        self._path, self._sheet, self._unseen, self._n_cells = path, "", 0, 0
        self._open: list[tuple[Found, list[int]]] = []  # a table, and its row and column; the innermost is the last
        self._pieces: list[str] = []  # of the text of that cell

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        tag, given = tag.rpartition(":")[2], {name.rpartition(":")[2]: value or "" for name, value in attributes}
        self._unseen += tag in _UNSEEN
        if tag == "worksheet":
            self._sheet = given.get("name", "")
        elif tag in _TABLES:
            self._end_cell()
            self.found.append(Found(self._sheet or given.get("summary", "") or given.get("id", "")))
            self._open.append((self.found[-1], [0, -1]))
        elif self._open and tag in _ROWS:
            self._end_cell()
            place = self._open[-1][1]
            place[:] = _number(given, "index", place[0] + 1), -1
        elif self._open and tag in _CELLS:
            self._begin_cell(given)
        elif tag in _BREAKS:
            self.handle_data(" ")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self._unseen -= tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _TABLES and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen:
            self._pieces.append(data)

    def _end_cell(self) -> None:
        """The text so far belongs to the open cell; between cells there is none."""
        text, self._pieces = " ".join("".join(self._pieces).split()), []
        if text and self._open and self._open[-1][1][1] >= 0:
            table, (line, column) = self._open[-1]
            table.rows[line][column] = f"{table.rows[line][column]} {text}".strip()

    def _begin_cell(self, given: dict[str, str]) -> None:
        """The next free place of the row, and those that the cell reaches over."""
        self._end_cell()
        table, place = self._open[-1]
        place[0] = max(place[0], 1)  # cells without a row
        column = _number(given, "index", place[1] + 2) - 1
        while (place[0], column) in table.taken:
            column += 1
        across = _number(given, "colspan", _number(given, "mergeacross", 0) + 1)
        down = _number(given, "rowspan", _number(given, "mergedown", 0) + 1)
        self._n_cells += across * down
        if self._n_cells > MOST_CELLS or (place[0] + down) * (column + across) > MOST_CELLS:
            raise _too_large(self._path)
        row = table.rows.setdefault(place[0], {})
        row[column] = ""
        if across * down > 1:
            table.joined.append((place[0], place[0] + down - 1, column, column + across - 1))
            table.taken |= {
                (place[0] + below, column + right) for below in range(down) for right in range(across) if below or right
            }
        place[1] = column

    def close(self) -> None:
        super().close()
        self._end_cell()


def _number(given: dict[str, str], name: str, otherwise: int) -> int:
    """A whole number above 0 of a tag, where it has one."""
    text = given.get(name, "").strip()
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 8 else otherwise
