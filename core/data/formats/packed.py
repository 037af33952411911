"""Packed files: the table inside is unpacked into a folder while it is read, and never more than a table can be."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyarrow as pa

from core.data.formats import detect
from core.messages import UnreadableFile, _

MAX_TEXT_FILES = 100_000
MIN_TEXT_FILES = 10  # so many texts in several folders are classes: `pos/1.txt`, `neg/1.txt`
_BLOCK = 1 << 20
_XZ_MEMORY = 256 << 20  # the largest dictionary that xz itself makes takes 65 MB
_ERRORS = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, ValueError,
    pa.ArrowException,
)  # fmt: skip
_TABLES = {
    ".csv", ".tsv", ".tab", ".psv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".json", ".geojson", ".jsonl",
    ".ndjson", ".parquet", ".pq", ".feather", ".arrow", ".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".sqlite",
    ".sqlite3", ".db", ".zip", ".gz", ".bz2", ".xz", ".zst", ".conll", ".bio", ".iob", ".iob2", ".bioes",
}  # fmt: skip
_TEXTS = {"", ".txt", ".text", ".dat", ".data", ".log", ".md", ".test", ".train", ".all", ".pos", ".neg"}
_ABOUT = re.compile(r"(readme|licen[cs]e|copying|changelog|notice|index|manifest|terms)\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class Unpacked:
    """What came out of a packed file."""

    paths: list[Path]  # one table, or plain texts in folders that name their classes
    name: str = ""  # of the table inside, where the archive has several
    names: list[str] = field(default_factory=list)  # of all tables inside


@contextmanager
def unpacked(path: Path, wanted: str | None, folder: Path) -> Iterator[Unpacked]:
    """The table inside a packed file, in `folder`, which is gone afterwards.

    Parameters
    ----------
    wanted : str, optional
        Which file of an archive; else the largest that may be a table.

    Raises
    ------
    UnreadableFile
        Damaged, locked, far too large when unpacked, without a table, or without the one that was asked for.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        if zipfile.is_zipfile(path):
            yield _of_archive(path, wanted, folder)
        else:
            inside = folder / (path.stem if path.suffix.lower() in detect.PACKED_ENDINGS else path.name)
            _write(path, _blocks(path), inside, path.stat().st_size)
            yield Unpacked([inside])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _of_archive(path: Path, wanted: str | None, folder: Path) -> Unpacked:
    with _damage_told(path), zipfile.ZipFile(path) as archive:
        parts = {_name(part): part for part in archive.infolist() if not part.is_dir()}
        tables = _tables(parts)
        if wanted is None and len({PurePosixPath(name).parent for name in tables}) > 1 and _are_texts(tables):
            return Unpacked(_texts(path, archive, {name: parts[name] for name in tables}, folder))
        name = _chosen(path, parts, tables, wanted)
        found = _extract(path, archive, parts[name], folder)
    return Unpacked([found], *((name, tables) if len(tables) > 1 else ()))


def _texts(path: Path, archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], folder: Path) -> list[Path]:
    """Plain texts, each in a folder of the name it has in the archive."""
    if sum(part.file_size for part in parts.values()) > detect.MAX_UNPACKED_BYTES:
        raise detect.too_large(path, detect.MAX_UNPACKED_BYTES)
    paths = []
    for number, (name, part) in enumerate(parts.items()):
        place = folder / str(number) / _file_name(PurePosixPath(name).parent.name)
        paths.append(_extract(path, archive, part, place))
    return paths


def _file_name(name: str) -> str:
    """A name that can be one of a file here, whatever an archive says."""
    return re.sub(r"[\x00-\x1f\\/:]", "_", name)[-100:].strip(". ") or "_"


def _tables(parts: dict[str, zipfile.ZipInfo]) -> list[str]:
    """Names of the files that may be tables; notes beside a table and what macOS adds are none."""
    names = [name for name in parts if not any(step.startswith((".", "__MACOSX")) for step in name.split("/"))]
    for endings in (_TABLES, _TEXTS):
        found = [name for name in names if PurePosixPath(name).suffix.lower() in endings and not _is_about(name)]
        if found:
            return found
    return names if len(names) == 1 else []


def _is_about(name: str) -> bool:
    return bool(_ABOUT.fullmatch(PurePosixPath(name).name))


def _are_texts(names: list[str]) -> bool:
    endings = {PurePosixPath(name).suffix.lower() for name in names}
    return MIN_TEXT_FILES <= len(names) <= MAX_TEXT_FILES and endings <= {"", ".txt", ".text", ".md"}


def _chosen(path: Path, parts: dict[str, zipfile.ZipInfo], tables: list[str], wanted: str | None) -> str:
    if wanted is not None and (len(tables) > 1 or wanted in parts):
        for name in sorted(parts, key=len, reverse=True):
            if wanted == name or wanted.startswith(name + "/"):
                return name
        raise UnreadableFile(
            _("“{file}” has no table called “{name}”."), _("It has: {names}."),
            file=path.name, name=wanted, names=tables[:20],
        )  # fmt: skip
    if not tables:
        raise UnreadableFile(
            _("“{file}” is an archive without a table in it."),
            _("It has: {names}.") if parts else _("Choose another file."),
            file=path.name,
            names=list(parts)[:20],
        )
    return max(tables, key=lambda name: parts[name].file_size)


def _extract(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, folder: Path) -> Path:
    if part.flag_bits & 1:
        raise UnreadableFile(
            _("“{file}” is locked by a password."), _("Save it without a password and upload that."), file=path.name
        )
    folder.mkdir(parents=True, exist_ok=True)
    inside = folder / _file_name(PurePosixPath(_name(part)).name)
    with archive.open(part) as packed:
        _write(path, iter(lambda: packed.read(_BLOCK), b""), inside, part.compress_size)
    return inside


def _name(part: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; older programs wrote it in the letters of their country without saying so."""
    name = part.filename.replace("\\", "/")
    if part.flag_bits & 0x800 or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _write(path: Path, blocks: Iterable[bytes], inside: Path, packed_bytes: int) -> None:
    """Blocks to a file, as long as they are not far more than the packed bytes can honestly hold."""
    most = detect.most_unpacked(packed_bytes)
    written = 0
    with _damage_told(path), inside.open("wb") as file:
        for block in blocks:
            written += len(block)
            if written > most:
                raise detect.too_large(path, most)
            file.write(block)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except _ERRORS as error:
        raise UnreadableFile(
            _("“{file}” is damaged: its packed parts can't be read."),
            _("Save it again and upload that."),
            file=path.name,
        ) from error


def _blocks(path: Path) -> Iterator[bytes]:
    """What a file of one packed stream holds, a megabyte at a time."""
    with path.open("rb") as file:
        head = file.read(2)
        file.seek(0)
        if head == b"\xfd7":
            yield from _xz_blocks(file)
        else:
            read = _reader(head, file)
            while block := read(_BLOCK):
                yield block


def _reader(head: bytes, file: BinaryIO) -> Callable[[int], bytes]:
    if head == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=file).read
    if head == b"BZ":
        return bz2.BZ2File(file).read
    read: Callable[[int], bytes] = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd").read
    return read


def _xz_blocks(file: BinaryIO) -> Iterator[bytes]:
    """As `lzma.LZMAFile`, but a file can't ask for gigabytes of memory."""
    packed = file.read(_BLOCK)
    while packed:
        unpacker = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        while not unpacker.eof:
            if block := unpacker.decompress(packed, _BLOCK):
                yield block
            packed = file.read(_BLOCK) if unpacker.needs_input and not unpacker.eof else b""
            if unpacker.needs_input and not packed and not unpacker.eof:
                raise EOFError
        packed = (unpacker.unused_data or file.read(_BLOCK)).lstrip(b"\0")
