"""Files and folders written whole or not at all: beside their place first, then moved there in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

NAME_BYTES = 150  # of a file's name that comes from elsewhere
PRIVATE = 0o077  # umask: what we write is for this user alone


def write_privately() -> None:
    """From here on this process and those it starts make files and folders that only this user reads."""
    os.umask(PRIVATE)


def write_once(path: Path, content: str) -> None:
    """Write a file that is not there yet, whole or not at all; where several processes do, the first one's stays.

    Only this user can read it.

    Examples
    --------
    >>> write_once(home / "secret", secrets.token_hex(32))  # doctest: +SKIP
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def unfinished(path: Path) -> Path:
    """Where a file or folder is written before it takes its place.

    Examples
    --------
    >>> unfinished(Path("runs/scored.csv")).name
    'scored.csv.partial'
    """
    return path.with_name(f"{path.name}.partial")


def is_disk_full(failure: BaseException) -> bool:
    """Whether something failed for want of space or of inodes, in a file or in the database.

    SQLite says so by itself where it writes; where it only makes room for its index it calls that an I/O error.

    Examples
    --------
    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    True
    """
    if isinstance(failure, sqlite3.Error):
        return getattr(failure, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    return isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Write a file so that a reader sees the old one or the new one, never a part.

    Yields the path to write to. After an error the old file stands as it was and nothing is left beside it; a process
    that is killed leaves its unfinished file, which the next one writes over.

    Examples
    --------
    >>> with written_whole(folder / "points.parquet") as place:  # doctest: +SKIP
    ...     points.to_parquet(place)
    """
    place = unfinished(path)
    try:
        yield place
        place.replace(path)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text (as UTF-8, line ends as they are) or bytes by `written_whole`.

    Examples
    --------
    >>> write_whole(folder / "answer.txt", "The price rose.")  # doctest: +SKIP
    """
    with written_whole(path) as place:
        place.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """Fill a folder so that it appears with all its files or not at all.

    Yields an empty folder to fill; what a killed process left there is gone. A folder that stands at the place is
    replaced once the new one is complete. After an error it stands as it was.

    Examples
    --------
    >>> with made_whole(Path("bundle")) as place:  # doctest: +SKIP
    ...     (place / "manifest.json").write_text("{}")
    """
    place, old = unfinished(folder), folder.with_name(f"{folder.name}.old")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.replace(old)
        place.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def zip_folder(folder: Path, file: BinaryIO) -> None:
    """Put all files of a folder into a zip, uncompressed, in the order of their names.

    Examples
    --------
    >>> with written_whole(Path("bundle.zip")) as place, place.open("wb") as file:  # doctest: +SKIP
    ...     zip_folder(Path("bundle"), file)
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(folder))


def safe_name(name: str) -> str:
    """A file name without folders, control characters or leading dots; its ending is kept."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(character for character in base if character.isprintable()).strip().lstrip(".").strip()
    while len(clean.encode()) > NAME_BYTES:
        stem, dot, suffix = clean.rpartition(".")
        clean = stem[:-1] + dot + suffix if dot and stem and len(suffix) < 12 else clean[:-1]
    return clean or "file"


def upload_bytes() -> int:
    """The largest file that may come from elsewhere, uploaded or fetched (``AMALGAM_UPLOAD_MB``)."""
    return int(float(os.environ.get("AMALGAM_UPLOAD_MB", "2000")) * 1e6)
