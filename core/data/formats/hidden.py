"""Hidden rows and columns of an Excel sheet: they are read, and it is said that they were hidden."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import unescape

from core.messages import COLUMNS, ROWS, Message, _, say

_MOST_BYTES = 256 << 20
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*+>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*+>")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s(?=[^<>]*+>)[^<>]*?\bhidden=\"(?:1|true)\"[^<>]*+>")
_LONGEST_TAG = 4096


def note(path: Path, sheet: str, first: int, last: int) -> list[Message]:
    """That rows of the table, from `first` to `last`, or columns are hidden; nothing where that can't be told.

    Only .xlsx says so in a way that can be read without opening the sheet a second time.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = sheet_part(archive, sheet)
            marks = list(_marks(archive, part)) if part else []
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError):
        return []
    n_rows = sum(kind == b"row" and first <= begin <= last for kind, begin, _end in marks)
    n_columns = sum(end - begin + 1 for kind, begin, end in marks if kind == b"col" and end < 16_384)
    both = say(_("{rows} and {columns}"), rows=say(ROWS, n=n_rows), columns=say(COLUMNS, n=n_columns))
    what = both if n_rows and n_columns else say(ROWS, n=n_rows) if n_rows else say(COLUMNS, n=n_columns)
    return [say(_("Hidden in the sheet, and read as well: {what}."), what=what)] if n_rows or n_columns else []


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the packed file that holds a sheet."""
    if "xl/workbook.xml" not in archive.namelist():
        return ""
    tags = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", errors="replace"))
    named = next((tag for tag in tags if unescape(_value(tag, "name"), {"&quot;": '"', "&apos;": "'"}) == sheet), "")
    wanted = re.search(r'\b\w+:id="([^"]*)"', named)
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    for tag in _RELATION.findall(relations):
        if wanted and _value(tag, "Id") == wanted.group(1):
            target = _value(tag, "Target")
            return target.lstrip("/") if target.startswith("/") else "xl/" + target
    return ""


def _value(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def _marks(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, int, int]]:
    """(row or col, first, last) of what is hidden."""
    if archive.getinfo(part).file_size > _MOST_BYTES:
        return
    with archive.open(part) as file:
        before = b""
        while block := file.read(1 << 20):
            text = before + block
            cut = len(text) if len(block) < 1 << 20 else max(0, text.rfind(b"<"))
            for tag in _HIDDEN.finditer(text, 0, cut):
                yield _extent(tag)
            before = text[cut:][-_LONGEST_TAG:]


def _extent(tag: re.Match[bytes]) -> tuple[bytes, int, int]:
    names = (b"r", b"r") if tag.group(1) == b"row" else (b"min", b"max")
    found = [re.search(rb"\s" + name + rb"=\"(\d+)\"", tag.group(0)) for name in names]
    begin, end = (int(value.group(1)) if value else 0 for value in found)
    return tag.group(1), begin, end
