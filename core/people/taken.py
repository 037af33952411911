"""What the home folder takes of the disk, counted now and then: a look at every file is too much for each page."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from core.workspace import Workspace, folder_bytes, now

KEPT_SECONDS = 60.0
PLACES = ("datasets", "runs", "cache", "uploads", "logs", "models")  # folders of the home, one for each kind of thing


@dataclass(frozen=True)
class Taken:
    """Bytes at one moment."""

    counted: float  # seconds since 1970
    by_place: dict[str, int]
    by_owner: Counter[str]


_kept: dict[str, Taken] = {}
_counting = threading.Lock()


def taken(workspace: Workspace) -> Taken:
    """What is taken, as it was at most a minute ago; whoever asks meanwhile waits for the same count."""
    with _counting:
        known = _kept.get(str(workspace.home))
        if known is None or not now() - KEPT_SECONDS <= known.counted <= now():  # a clock may be set back
            known = _kept[str(workspace.home)] = _count(workspace)
    return known


def forget(workspace: Workspace) -> None:
    """Have the next look count afresh."""
    with _counting:
        _kept.pop(str(workspace.home), None)


def _count(workspace: Workspace) -> Taken:
    by_place = {name: folder_bytes(workspace.home / name) for name in PLACES}
    return Taken(now(), by_place, _by_owner(workspace))


def _by_owner(workspace: Workspace) -> Counter[str]:
    """Owner → bytes of their tables, of what jobs made, of uploads and logs."""
    found: Counter[str] = Counter()
    folders = {"datasets": workspace.dataset_folder, "uploads": workspace.upload_folder}
    with workspace.reading() as database:
        rows = {table: database.execute(f"SELECT id, owner FROM {table}").fetchall() for table in folders}  # noqa: S608 our own names
        made = database.execute("SELECT id, owner FROM runs UNION SELECT id, owner FROM jobs").fetchall()
    for table, folder in folders.items():
        for row in rows[table]:
            found[row["owner"]] += folder_bytes(folder(row["id"]))
    for row in made:
        run, log = workspace.run_folder(row["id"]), workspace.log_file(row["id"])
        found[row["owner"]] += folder_bytes(run) + folder_bytes(run.with_name(f"{run.name}.partial"))
        found[row["owner"]] += log.stat().st_size if log.exists() else 0
    return found
