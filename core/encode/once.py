"""Folders that are made once, whole or not at all, by one process while others wait."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.files import made_whole


@contextmanager
def made_once(folder: Path) -> Iterator[Path | None]:
    """Make a folder whole or not at all, by one process at a time.

    Yields the temporary folder to fill, or None if somebody else has just finished the work.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            yield None
            return
        with made_whole(folder) as place:
            yield place
