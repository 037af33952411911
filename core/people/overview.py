"""What people and their jobs take of the machine, for whoever runs it: no names of tables, nothing that they wrote."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass

from core.jobs import processes
from core.jobs.table import Job
from core.people.taken import taken
from core.workspace import Workspace

MOST_ENDED = 200  # ended jobs that are shown
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
    used = taken(workspace).by_owner
    found = [
        Person(
            owner=owner,
            name=seen[owner]["name"] if owner in seen else "",
            first_seen=seen[owner]["first_seen"] if owner in seen else None,
            last_seen=seen[owner]["last_seen"] if owner in seen else None,
            n_tables=tables[owner],
            n_runs=runs[owner],
            n_bytes=used[owner],
        )
        for owner in owners
    ]
    return sorted(found, key=lambda person: (-(person.last_seen or 0.0), person.owner))


def names(workspace: Workspace) -> dict[str, str]:
    """What logins call people, by owner."""
    with workspace.reading() as database:
        return dict(database.execute("SELECT owner, name FROM people").fetchall())


def _counts(database: sqlite3.Connection, table: str) -> Counter[str]:
    return Counter(dict(database.execute(f"SELECT owner, COUNT(*) FROM {table} GROUP BY owner").fetchall()))  # noqa: S608 our own names


def jobs(workspace: Workspace) -> list[Job]:
    """Everybody's jobs: all that wait or work, then the newest that have ended."""
    query = "SELECT * FROM jobs WHERE state {active} ('queued', 'running') ORDER BY created DESC LIMIT ?"
    with workspace.reading() as database:
        active = database.execute(query.format(active="IN"), (-1,)).fetchall()
        ended = database.execute(query.format(active="NOT IN"), (MOST_ENDED,)).fetchall()
    return [Job.from_row(row) for row in (*active, *ended)]


def memory_bytes(job: Job) -> int | None:
    """What a running job's process and those it started hold in memory, shared pages once; None: there is none."""
    process = processes.find(job.pid, job.pid_started) if job.state == "running" else None
    return (processes.group_bytes(process) or None) if process is not None else None  # 0: it went meanwhile


def free_bytes(workspace: Workspace) -> int:
    """What is free on the disk of the home folder."""
    return shutil.disk_usage(workspace.home).free
