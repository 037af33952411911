"""The zip that a bundle travels in, perhaps from a stranger: only files that its manifest names come out of it."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

from core.messages import UnreadableFile, _

DAMAGED = (  # what reading the parts of a damaged or forged archive raises
    *(zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError, SyntaxError, EOFError, OSError),
    *(LookupError, ValueError, TypeError, AttributeError, ImportError, AssertionError, ArithmeticError),
    *(RuntimeError, MemoryError),  # encrypted, packed in an unknown way, nested without end, of a size that is no size
)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 64_000_000  # 5,000 columns of 1,000 known categories each take less
MOST_BYTES = 2_000_000_000  # a bundle that unpacks to more is refused
MOST_FILES = 100


def unpack(path: Path, folder: Path) -> None:
    """Unpack a downloaded bundle into an empty folder.

    Raises
    ------
    UnreadableFile
        It is no bundle, unpacks to far too much, or would write outside the folder.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > MOST_BYTES or len(entries) > MOST_FILES:
                raise too_much(path.name)
            listed = _listed(packed, entries, path.name)
            for entry in entries:
                parts = Path(entry.filename).parts
                if Path(entry.filename).is_absolute() or ".." in parts:
                    raise UnreadableFile(
                        _("“{file}” tries to write outside its folder."),
                        _("Use a bundle made by Amalgam."),
                        file=path.name,
                    )
                if place_of(entry.filename) not in listed:
                    continue  # nobody vouches for it
                file = folder / place_of(entry.filename)
                file.parent.mkdir(exist_ok=True)
                with packed.open(entry) as source, file.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise  # ours, not the bundle's
        raise UnreadableFile(
            _("“{file}” is not a bundle made by Amalgam."), _("Download it again from the Use page."), file=path.name
        ) from None


def _listed(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], shown: str) -> set[Path]:
    """Where the files lie that the manifest names; the manifest is one of them."""
    manifest = next((entry for entry in entries if place_of(entry.filename) == Path(MANIFEST)), None)
    if manifest is None:
        return set()
    if manifest.file_size > MOST_MANIFEST_BYTES:
        raise too_much(shown)
    try:
        files = json.loads(packed.read(manifest))["files"]
        return {Path(MANIFEST), *(place_of(str(name)) for name in files)}
    except (KeyError, TypeError, ValueError, RecursionError):
        return {Path(MANIFEST)}  # reading it says what is wrong


def place_of(name: str) -> Path:
    """Where a file lies in its bundle, whatever folder it was zipped with: at the top, or in ``weights``."""
    path = Path(name)
    return Path("weights", path.name) if path.parent.name == "weights" else Path(path.name)


def fingerprints(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): fingerprint(path) for path in found}


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def too_much(shown: str) -> UnreadableFile:
    """The refusal of what takes more room than any bundle."""
    return UnreadableFile(_("“{file}” unpacks to far too much."), _("Use a bundle made by Amalgam."), file=shown)
