"""What a file really is, whatever its name says; and the guards that stand before opening what is packed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

import puremagic

from core.data import tagged
from core.messages import UnreadableFile, _

Format = Literal["csv", "excel", "json", "jsonl", "parquet", "text", "tagged"]
MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 150  # of a packed part that is large when unpacked
_LARGE_PART = 64 << 20
_TEXT_ENDINGS = {".txt", ".text", ".pos", ".neg", ".md", ".log"}
_MARKS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3", "SQLite"),
    (b"RIFF", "RIFF (sound or video)"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"\x93NUMPY", "NumPy"),
    (b"ARROW1", "Arrow"),
    (b"Obj\x01", "Avro"),
    (b"ORC", "ORC"),
    (b"\x89HDF", "HDF5"),
)
_PACKED = {"GZIP", "BZIP2", "XZ", "7-Zip", "RAR", "Zstandard", "ZIP"}


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
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _packed_sheets(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    for mark, name in _MARKS:
        if head.startswith(mark):
            raise _something_else(path, name)
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".pq"):
        raise UnreadableFile(
            _("“{file}” is not the kind of file that its ending says, or it is damaged."),
            _("Save it again, or as CSV, and upload that."),
            file=path.name,
        )
    if b"\0" in head and not _may_be_wide_text(head) and (known := _by_magic(path)):
        raise _something_else(path, known)
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
        part.file_size > _LARGE_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if too_much or bomb:
        raise UnreadableFile(
            _("“{file}” would unpack to {gigabytes} GB, so it was not opened."),
            _("Save the sheet as CSV and upload that."),
            file=path.name,
            gigabytes=round(sum(part.file_size for part in parts) / 2**30, 1),
        )


def _packed_sheets(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _damaged(path) from None
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return "excel"
    raise _something_else(path, "Word" if "word/document.xml" in names else "ZIP")


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


def _text_format(head: bytes, ending: str) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending in (".jsonl", ".ndjson"):
        return "jsonl"
    if ending == ".json":
        return "jsonl" if start.startswith(b"{") and b"}\n{" in start.replace(b"\r", b"") else "json"
    if ending in tagged.ENDINGS:
        return "tagged"
    if ending in _TEXT_ENDINGS:
        return "text"
    if ending in ("", ".dat") and start[:1] in (b"[", b"{") and b'"' in start:
        return "jsonl" if b"}\n{" in start.replace(b"\r", b"") else "json"
    if start[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        raise UnreadableFile(
            _("The file is a web page or XML, not a table."), _("Upload CSV, Excel, JSON, Parquet or plain text.")
        )
    return "csv"
