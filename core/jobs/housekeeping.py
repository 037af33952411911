"""What goes: what a person deletes, with all that was made from it, and what nobody needs any more.

One tree says what belongs to what: a table, the jobs on it, the jobs on a run or an explanation of those, the links
to a run, the files of each. The rows go first, in one transaction, so that nobody finds half of something; then the
files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from core.files import unfinished
from core.jobs import limits
from core.workspace import Workspace, now

LISTS = ("datasets", "runs", "jobs", "uploads")  # tables of the database whose rows say whose a folder is
DAY_SECONDS = 86_400
RESERVE_BYTES = 4_000_000  # enough for the database to say how every job ended
FAMILY = """
WITH RECURSIVE family(id) AS (
    SELECT ? UNION SELECT jobs.id FROM jobs JOIN family
    ON family.id IN (jobs.dataset, json_extract(jobs.params, '$.dataset'),
                     json_extract(jobs.params, '$.run'), json_extract(jobs.params, '$.explanation'))
    WHERE jobs.owner = ?)
SELECT id FROM family
"""
UPLOADS = """
SELECT DISTINCT tree.value AS upload FROM jobs, json_tree(jobs.params) AS tree
WHERE jobs.id = ? AND (tree.key IN ('upload', 'test_upload') OR tree.path = '$.uploads')
"""


def delete_dataset(workspace: Workspace, dataset: str, owner: str) -> None:
    """Forget a table and all that was made from it: runs, explanations, scored files, answers, uploads, logs.

    Work on it that is under way ends. A table that was made from this one is one of its own and stays.
    """
    if workspace.dataset(dataset, owner) is not None:
        _delete(workspace, owner, [dataset, *(run.id for run in workspace.runs(owner, dataset))])


def delete_run(workspace: Workspace, run: str, owner: str) -> None:
    """Forget a run, finished or not, with its models and all that was made from it."""
    _delete(workspace, owner, [run])


def delete_everything(workspace: Workspace, owner: str) -> None:
    """Forget all tables, runs, jobs and uploads of a person, and that they were here.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     delete_everything(Workspace(Path(home)), "ann")
    """
    with workspace.reading() as database:
        query = " UNION ".join(f"SELECT id FROM {table} WHERE owner = :owner" for table in LISTS)  # noqa: S608 our own tables
        roots = [row["id"] for row in database.execute(query, {"owner": owner})]
    _delete(workspace, owner, roots)
    with workspace.database() as database:
        database.execute("DELETE FROM people WHERE owner = ?", (owner,))


def _delete(workspace: Workspace, owner: str, roots: Iterable[str]) -> None:
    """Take the rows of some tables and runs, and of all that hangs on them, out of the lists; then their files."""
    with workspace.database() as database:
        family = {row["id"] for root in roots for row in database.execute(FAMILY, (root, owner))}
        uploads = {row["upload"] for one in family for row in database.execute(UPLOADS, (one,))}
        gone = {one for one in family | uploads if _forgotten(database, one, owner)}
        database.executemany("DELETE FROM shares WHERE run = ? AND owner = ?", [(one, owner) for one in family])
    for one in gone:
        forget_files(workspace, one)


def _forgotten(database: sqlite3.Connection, one: str, owner: str) -> bool:
    """Whether a table, run, job or upload of this person had this id; it has not any more."""
    deleted = [
        database.execute(f"DELETE FROM {table} WHERE id = ? AND owner = ?", (one, owner)).rowcount  # noqa: S608
        for table in LISTS  # our own tables
    ]
    return any(deleted)


def forget_files(workspace: Workspace, one: str) -> None:
    """Delete the folders and the log of what is in no list any more."""
    for folder in (workspace.dataset_folder(one), workspace.run_folder(one), workspace.upload_folder(one)):
        for place in (folder, unfinished(folder)):
            shutil.rmtree(place, ignore_errors=True)
    workspace.log_file(one).unlink(missing_ok=True)


def tidy(workspace: Workspace) -> None:
    """Delete logs and uploads older than `limits.KEEP_DAYS` that no active job needs, and what is in no list.

    Links that have expired go, too.
    """
    oldest = now() - limits.KEEP_DAYS * DAY_SECONDS
    with workspace.reading() as database:
        rows = database.execute("SELECT id, params FROM jobs WHERE state IN ('queued', 'running')").fetchall()
    needed = {row["id"] for row in rows}
    texts = [row["params"] for row in rows]
    for path in (workspace.home / "logs").glob("*.log"):
        if changed(path) < oldest and path.stem not in needed:
            path.unlink(missing_ok=True)
    for path in (workspace.home / "uploads").iterdir():
        if changed(path) < oldest and not any(path.name in text for text in texts):
            shutil.rmtree(path, ignore_errors=True)
    left = {path.name.removesuffix(".partial") for path in (workspace.home / "uploads").iterdir()}
    with workspace.database() as database:
        known = [row["id"] for row in database.execute("SELECT id FROM uploads")]
        database.executemany("DELETE FROM uploads WHERE id = ?", [(one,) for one in known if one not in left])
        database.execute("DELETE FROM shares WHERE expires <= ?", (now(),))
    sweep(workspace)


def keep_reserve(workspace: Workspace) -> None:
    """Hold some of the disk back, so that there is room to write down that it is full."""
    path = reserve(workspace)
    if path.exists():
        return
    with contextlib.suppress(OSError):  # there is no room now: at the next look
        try:
            with path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
        except OSError:
            path.unlink(missing_ok=True)


def free_reserve(workspace: Workspace) -> bool:
    """Give back what was held back.  →  whether there was something"""
    try:
        reserve(workspace).unlink()
    except FileNotFoundError:
        return False
    return True


def reserve(workspace: Workspace) -> Path:
    """The file that holds some of the disk back."""
    return workspace.home / "run" / "reserve"


def sweep(workspace: Workspace) -> None:
    """Delete folders that no row names, as a crash leaves them, once nothing in them has changed for a day.

    What is being made has no row yet: that is what the day is for.
    """
    with workspace.reading() as database:
        query = "SELECT id FROM datasets UNION SELECT id FROM runs UNION SELECT id FROM jobs"
        named = {row["id"] for row in database.execute(query)}
    left = [place for name in ("datasets", "runs") for place in (workspace.home / name).iterdir()]
    left += [*(workspace.home / "uploads").glob("*.partial"), *(workspace.home / "run").glob("*.zip")]
    for place in left:
        if place.name.split(".")[0] not in named and newest(place) < now() - DAY_SECONDS:
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


def newest(place: Path) -> float:
    """When a file, or anything in a folder, last changed."""
    return max([changed(place), *map(changed, place.rglob("*"))])


def changed(path: Path) -> float:
    """When a file or folder last changed; now, if it is gone.

    Examples
    --------
    >>> changed(Path("gone")) <= now()
    True
    """
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return now()
