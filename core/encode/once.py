"""Folders that are made once, whole or not at all, by one process while others wait."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

from core.files import made_whole


def make_once(folder: Path, fill: Callable[[Path], object]) -> Path:
    """A folder, filled by one process at a time where it is not there yet.  →  the folder

    fill: receives the empty folder to write into.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     folder = make_once(Path(home, "weights"), lambda place: (place / "model.bin").write_bytes(b"abc"))
    ...     [path.name for path in folder.iterdir()]
    ['model.bin']
    """
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():  # another process may have made it meanwhile
            with made_whole(folder) as place:
                fill(place)
    return folder
