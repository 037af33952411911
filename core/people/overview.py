"""What people and their jobs take of the machine, for whoever runs it: no names of tables, nothing that they wrote."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass

import psutil

from core.jobs import processes
from core.jobs.table import Job
from core.workspace import Workspace, folder_bytes

MOST_ENDED = 200  # ended jobs that are shown
SPACE = ("datasets", "runs", "cache", "uploads", "logs", "models")  # folders of the home, one for each kind of thing
EVERYBODY = """
SELECT owner FROM people UNION SELECT owner FROM datasets UNION SELECT owner FROM runs
UNION SELECT owner FROM uploads UNION SELECT owner FROM jobs
"""


@dataclass(frozen=True)
class Person:
    """One owner of things here."""

    owner: str
    name: str  # as the login says; nothing without one
    first_seen: float | None  # seconds since 1970; None: never on a page
    last_seen: float | None
    n_tables: int
    n_runs: int
    n_bytes: int


def people(workspace: Workspace) -> list[Person]:
    """Everybody who was here or has something here, the last seen first."""
    with workspace.reading() as database:
        owners = [row["owner"] for row in database.execute(EVERYBODY)]
        seen = {row["owner"]: row for row in database.execute("SELECT * FROM people")}
        tables, runs = _counts(database, "datasets"), _counts(database, "runs")
        taken = _taken(workspace, database)
    found = [
        Person(
            owner=owner,
            name=seen[owner]["name"] if owner in seen else "",
            first_seen=seen[owner]["first_seen"] if owner in seen else None,
            last_seen=seen[owner]["last_seen"] if owner in seen else None,
            n_tables=tables[owner],
            n_runs=runs[owner],
            n_bytes=taken[owner],
        )
        for owner in owners
    ]
    return sorted(found, key=lambda person: (-(person.last_seen or 0.0), person.owner))


def _counts(database: sqlite3.Connection, table: str) -> Counter[str]:
    return Counter(dict(database.execute(f"SELECT owner, COUNT(*) FROM {table} GROUP BY owner").fetchall()))  # noqa: S608 our own names


def _taken(workspace: Workspace, database: sqlite3.Connection) -> Counter[str]:
    """Owner → bytes of their tables, of what jobs made, of uploads and logs."""
    taken: Counter[str] = Counter()
    folders = {"datasets": workspace.dataset_folder, "uploads": workspace.upload_folder}
    for table, folder in folders.items():
        for row in database.execute(f"SELECT id, owner FROM {table}"):  # noqa: S608 our own names
            taken[row["owner"]] += folder_bytes(folder(row["id"]))
    for row in database.execute("SELECT id, owner FROM runs UNION SELECT id, owner FROM jobs"):
        made = workspace.run_folder(row["id"])
        log = workspace.log_file(row["id"])
        taken[row["owner"]] += folder_bytes(made) + folder_bytes(made.with_name(f"{made.name}.partial"))
        taken[row["owner"]] += log.stat().st_size if log.exists() else 0
    return taken


def jobs(workspace: Workspace) -> list[Job]:
    """Everybody's jobs: all that wait or work, then the newest that have ended."""
    query = "SELECT * FROM jobs WHERE state {active} ('queued', 'running') ORDER BY created DESC LIMIT ?"
    with workspace.reading() as database:
        active = database.execute(query.format(active="IN"), (-1,)).fetchall()
        ended = database.execute(query.format(active="NOT IN"), (MOST_ENDED,)).fetchall()
    return [Job.from_row(row) for row in (*active, *ended)]


def memory_bytes(job: Job) -> int | None:
    """What a running job's process and those it started hold in memory; None where there is none."""
    process = processes.find(job.pid, job.pid_started) if job.state == "running" else None
    if process is None:
        return None
    try:
        return sum(int(one.memory_info().rss) for one in (process, *process.children(recursive=True)))
    except psutil.Error:  # it went meanwhile
        return None


def space(workspace: Workspace) -> dict[str, int]:
    """Bytes of each kind of thing in the home folder, by the folder's name."""
    return {name: folder_bytes(workspace.home / name) for name in SPACE}


def free_bytes(workspace: Workspace) -> int:
    """What is free on the disk of the home folder."""
    return shutil.disk_usage(workspace.home).free
