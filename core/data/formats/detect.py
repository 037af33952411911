"""What a file really is, whatever its name says; and the guards that stand before opening what is packed."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import puremagic

from core.data.texts import tagged_text
from core.messages import UnreadableFile, _, _n

Table = Literal["csv", "excel", "json", "jsonl", "parquet", "text", "tagged", "arrow", "spss", "stata", "sas", "sqlite"]
Format = Literal[Table, "packed"]
MAX_UNPACKED_BYTES = 2 << 30
MAX_ROWS = 100_000_000
MAX_TABLE_BYTES = 4 << 30  # at eight bytes a cell
MAX_RATIO = 150  # of a packed part that is large when unpacked
LARGE_PART = 64 << 20
MOST_BLANK = (
    12_000_000  # cells of a sheet's extent that may be blank, whatever is in the others: ten columns to its end
)
MOST_BLANK_RATIO = 20  # blank cells for each that is filled, beyond that
_LONGEST_TAG = 4096
_CELL = re.compile(rb"\sr\s?=\s?[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_OPEN_DOCUMENT = re.compile(rb"<table:(?:covered-)?table(-row|-cell|)(\s[^<>]*+|/?)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated=\"([0-9]{1,9})\"")
_TEXT_ENDINGS = {".txt", ".text", ".pos", ".neg", ".md", ".log"}
_MARKS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"RIFF", "RIFF (sound or video)"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"\x93NUMPY", "NumPy"),
    (b"Obj\x01", "Avro"),
    (b"ORC", "ORC"),
    (b"\x89HDF", "HDF5"),
)
_PACKED = {"7-Zip", "RAR", "TAR"}
_KNOWN: tuple[tuple[bytes, Format], ...] = (
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "excel"),
    (b"ARROW1", "arrow"),
    (b"FEA1", "arrow"),
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"<stata_dta>", "stata"),
    (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00", "sas"),
    (b"HEADER RECORD*******LIB", "sas"),
    (b"SQLite format 3\0", "sqlite"),
    *((mark, "packed") for mark in (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")),
)
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zst")
_STREAM = (".arrow", ".arrows", ".feather", ".ipc")
_OLD_STATA = range(105, 116)  # the first byte of what Stata 5 to 12 wrote
_SHEETS = (".xls", ".xlsx")
_WEB_PAGE = (b"<html", b"<!doc", b"<?xml", b"<table", b"<head", b"<meta", b"<style", b"<workbook", b"mime-version:")
_BINARY_ENDINGS = {
    ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".pq", ".zip", ".feather", ".arrow", ".arrows", ".sav",
    ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".sqlite", ".sqlite3", ".db", ".db3",
}  # fmt: skip


def recognise(path: Path) -> Format:
    """The format of a file, by its content first and its name second.

    Raises
    ------
    UnreadableFile
        It is something else: a picture, an archive, a document, or empty.
    """
    if not path.is_file():
        raise UnreadableFile(_("“{file}” is not there."), _("Upload it again."), file=path.name)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise UnreadableFile(
            _("“{file}” is empty."), _("Choose a file with a header and at least one row."), file=path.name
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_sheets(path)
    ending = _ending(path)
    if known := _known(head, ending):
        return known
    for mark, name in _MARKS:
        if head.startswith(mark):
            raise _something_else(path, name)
    if head[257:262] == b"ustar":
        raise _something_else(path, "TAR")
    if ending in _SHEETS and is_web_page(head):
        return "excel"
    if ending in _SHEETS and _is_text(head):
        return _text_format(head, ".csv")
    if ending in _BINARY_ENDINGS:
        raise UnreadableFile(
            _("“{file}” is not the kind of file that its ending says, or it is damaged."),
            _("Save it again, or as CSV, and upload that."),
            file=path.name,
        )
    if b"\0" in head and not _may_be_wide_text(head) and (kind := _by_magic(path)):
        raise _something_else(path, kind)
    return _text_format(head, ending)


def check_unpacked(path: Path) -> None:
    """Refuse a packed file that would unpack into far more than a table can be.

    Raises
    ------
    UnreadableFile
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _damaged(path) from None
    too_much = sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES
    bomb = any(
        part.file_size > LARGE_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if too_much or bomb:
        raise UnreadableFile(
            _("“{file}” would unpack to {gigabytes} GB, so it was not opened."),
            _("Save the sheet as CSV and upload that."),
            file=path.name,
            gigabytes=round(sum(part.file_size for part in parts) / 2**30, 1),
        )


def check_extent(path: Path, sheet: str, part: str) -> None:
    """Refuse a sheet (.xlsx, .ods) whose few cells lie so far apart that the blank ones between them would fill memory.

    part : the packed part that holds the sheet; empty: every one that may hold a sheet is looked at

    Raises
    ------
    UnreadableFile
    """
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.startswith("xl/") and name.endswith(".xml")]
        sizes = [_size(archive, name) for name in ([part] if part else inside)]
        if "content.xml" in archive.namelist():
            sizes = _sizes_of_open_document(archive)
        for n_cells, area in sizes:
            if area - n_cells > max(MOST_BLANK, MOST_BLANK_RATIO * n_cells) or area > MAX_TABLE_BYTES // 8:
                raise UnreadableFile(
                    _("The {n:,} cells of the sheet “{sheet}” lie so far apart that the table would have {all:,}."),
                    _("Delete what stands far from the table, or copy the table into a new file, and upload that."),
                    sheet=sheet, n=n_cells, all=area,
                )  # fmt: skip


def _size(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """How many cells a part of an .xlsx holds, and how many there are from the first to the last."""
    n_cells, rows, columns = 0, {0}, {0}
    for block in _blocks(archive, name):
        cells = _CELL.findall(block)
        n_cells += len(cells)
        columns |= {_column_number(letters) for letters in {letters for letters, _row in cells}}
        rows |= {int(row) for row in {row for _letters, row in cells}}
    return n_cells, _extent(rows) * _extent(columns)


def _sizes_of_open_document(archive: zipfile.ZipFile) -> list[tuple[int, int]]:
    """The same of each sheet of an .ods, whose blank rows and cells are written once and counted."""
    sizes: list[tuple[int, int]] = []
    n_cells = row = column = lowest = widest = repeats = 0
    for block in _blocks(archive, "content.xml"):
        for kind, attributes in _OPEN_DOCUMENT.findall(block):
            again = _REPEATED.search(attributes)
            times = int(again[1]) if again else 1
            if kind == b"":
                sizes.append((n_cells, lowest * widest))
                n_cells = row = lowest = widest = repeats = 0
            elif kind == b"-row":
                row, column, repeats = row + repeats, 0, times
            else:
                column += times
                if b"value-type" in attributes:
                    n_cells += times * repeats
                    lowest, widest = row + repeats, max(widest, column)
    return [*sizes, (n_cells, lowest * widest)]


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part's text, a few megabytes at a time, cut where a tag begins."""
    with archive.open(name) as file:
        before = b""
        while block := file.read(4 << 20):
            text = before + block
            cut = max(text.rfind(b"<"), len(text) - _LONGEST_TAG)
            yield text[:cut]
            before = text[cut:]
        yield before


def _extent(places: set[int]) -> int:
    """How many rows or columns there are from the first to the last; 0 stands for none."""
    filled = places - {0}
    return max(filled) - min(filled) + 1 if filled else 0


def _column_number(letters: bytes) -> int:
    """1 for A, 16,384 for XFD."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def most_unpacked(packed_bytes: int) -> int:
    """How much may honestly come out of so many packed bytes."""
    return min(MAX_UNPACKED_BYTES, max(LARGE_PART, MAX_RATIO * packed_bytes))


def too_large(path: Path, most_bytes: int) -> UnreadableFile:
    """What to say of a file of which more came out."""
    return UnreadableFile(
        _("“{file}” unpacks to more than {megabytes:,} MB, so it was not read."),
        _("Unpack it and upload the part of the table that you need."),
        file=path.name,
        megabytes=most_bytes // 10**6,
    )


def check_counts(path: Path, n_rows: int, n_columns: int, n_bytes: int = 0) -> None:
    """Refuse, by what a file says of itself, a table that would not fit into memory.

    Raises
    ------
    UnreadableFile
    """
    n_bytes = max(n_bytes, 8 * n_rows * n_columns)
    if n_rows > MAX_ROWS:
        raise UnreadableFile(
            _n(
                "“{file}” has {n:,} row; at most {most:,} can be read.",
                "“{file}” has {n:,} rows; at most {most:,} can be read.",
            ),
            _("Write a part of its rows into a file and upload that."),
            file=path.name, n=n_rows, most=MAX_ROWS,
        )  # fmt: skip
    if n_bytes > MAX_TABLE_BYTES:
        raise UnreadableFile(
            _n(
                "“{file}” has {n:,} row and takes {gigabytes} GB when unpacked; at most {most} GB can be read.",
                "“{file}” has {n:,} rows and takes {gigabytes} GB when unpacked; at most {most} GB can be read.",
            ),
            _("Write a part of its rows or columns into a file and upload that."),
            file=path.name, n=n_rows, gigabytes=round(n_bytes / 2**30, 1), most=round(MAX_TABLE_BYTES / 2**30),
        )  # fmt: skip


def _packed_sheets(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _damaged(path) from None
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return "excel"
    for inside, kind in (("word/document.xml", "Word"), ("ppt/presentation.xml", "PowerPoint")):
        if inside in names:
            raise _something_else(path, kind)
    return "packed"


def _known(head: bytes, ending: str) -> Format | None:
    """Binary formats by their first bytes; where those say little, by the ending, too."""
    for mark, kind in _KNOWN:
        if head.startswith(mark):
            return kind
    if ending in _STREAM and head.startswith(b"\xff\xff\xff\xff"):
        return "arrow"
    if ending == ".dta" and head[0] in _OLD_STATA:
        return "stata"
    return "spss" if ending == ".por" and b"SPSS PORT FILE" in head else None


def _ending(path: Path) -> str:
    """``.json`` of ``a.json``, and of ``a.json.gz`` that was unpacked on its way but kept its name."""
    ending = path.suffix.lower()
    return Path(path.stem).suffix.lower() if ending in PACKED_ENDINGS else ending


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("“{file}” is damaged: its packed parts can't be read."), _("Save it again and upload that."), file=path.name
    )


def _something_else(path: Path, kind: str) -> UnreadableFile:
    if kind in _PACKED:
        return UnreadableFile(
            _("“{file}” is a packed file ({kind}), not a table."),
            _("Unpack it and upload the table inside."),
            file=path.name,
            kind=kind,
        )
    return UnreadableFile(
        _("“{file}” is not a table but a file of another kind: {kind}."),
        _("Upload CSV, Excel, JSON, Parquet or plain text."),
        file=path.name,
        kind=kind,
    )


def _by_magic(path: Path) -> str:
    try:
        kind = str(puremagic.magic_file(str(path))[0].extension).lower()
        return "" if kind == path.suffix.lower() else kind.lstrip(".").upper()
    except (puremagic.PureError, ValueError, IndexError, OSError):
        return ""


def _may_be_wide_text(head: bytes) -> bool:
    """UTF-16 and UTF-32 have zeros in regular places."""
    return (
        head[:2] in (b"\xff\xfe", b"\xfe\xff")
        or head[:4] == b"\0\0\xfe\xff"
        or (max(head[::2].count(0), head[1::2].count(0)) > 0.4 * len(head) / 2)
    )


def _is_text(head: bytes) -> bool:
    """Letters, tabs and line breaks only, in UTF-8, UTF-16 or one byte each: a table that was given a sheet's name."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", head) and b"\n" in head and bool(re.search(rb"[\t,;|<]", head))


def is_web_page(head: bytes) -> bool:
    """Whether a file begins as a web page or XML does."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower().startswith(_WEB_PAGE)


def web_page_without_table(ending: str) -> UnreadableFile:
    """What to say of a page in which there is none to be read."""
    hint = _("Upload CSV, Excel, JSON, Parquet or plain text.")
    if ending in _SHEETS:
        hint = _("Some programs call such files .xls: open it in a spreadsheet program and save it as .xlsx or CSV.")
    return UnreadableFile(_("The file is a web page or XML, not a table."), hint)


def _text_format(head: bytes, ending: str) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending in (".jsonl", ".ndjson"):
        return "json" if start.startswith(b"[") else "jsonl"
    if ending in (".json", ".geojson"):
        return "jsonl" if start.startswith(b"{") and b"}\n{" in start.replace(b"\r", b"") else "json"
    if ending in tagged_text.ENDINGS:
        return "tagged"
    if ending in _TEXT_ENDINGS:
        return "text"
    if ending in ("", ".dat") and start[:1] in (b"[", b"{") and b'"' in start:
        return "jsonl" if b"}\n{" in start.replace(b"\r", b"") else "json"
    if is_web_page(head):
        raise web_page_without_table(ending)
    return "csv"
