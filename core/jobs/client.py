"""Jobs as a page or the command line sees them: submit, look, cancel, resume. Light."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from core import catalog
from core.catalog import JobKind
from core.jobs import limits, table
from core.jobs.figures import counts
from core.jobs.table import Job, JobError, Progress
from core.messages import UnknownChoice, UnusableData, _, _n
from core.workspace import Workspace, new_id, now

__all__ = ["Job", "JobError", "Progress", "cancel", "folder", "get", "jobs", "resume", "submit"]


def submit(
    workspace: Workspace,
    *,
    kind: str,
    owner: str,
    params: BaseModel,
    dataset: str = "",
    address: str = "",
    kinds: Mapping[str, JobKind] = catalog.JOB_KINDS,
) -> str:
    """Put a piece of work into the queue.  →  its id, which is the run's too

    Parameters
    ----------
    address : str
        Where it is asked from; nothing: from this machine, which has no bound of its own.

    Raises
    ------
    UnusableData
        Too much is waiting already, or there is no room on the disk.
    """
    if kind not in kinds:
        raise UnknownChoice(_("“{kind}” is not a kind of work that Amalgam knows."), kind=kind)
    limits.check_space(workspace, owner)
    job_id = new_id()
    with workspace.database() as database:
        _check_room(database, owner, address)
        database.execute(
            "INSERT INTO jobs (id, owner, kind, slot, dataset, params, state, created, address)"
            " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?)",
            (job_id, owner, kind, kinds[kind].slot, dataset, params.model_dump_json(), now(), address),
        )
        counts.add(database, "submitted", kind=kind)
    return job_id


def get(workspace: Workspace, job_id: str, owner: str) -> Job | None:
    """One job, if it exists and is this owner's, with its place in the queue while it waits."""
    with workspace.reading() as database:
        row = database.execute("SELECT * FROM jobs WHERE id = ? AND owner = ?", (job_id, owner)).fetchone()
        if row is None:
            return None
        position = None
        if row["state"] == "queued":
            order = table.waiting(database, row["slot"])
            position = order.index(job_id) + 1 if job_id in order else 1
    return Job.from_row(row, position)


def jobs(
    workspace: Workspace,
    owner: str,
    *,
    active: bool | None = None,
    kind: str | None = None,
    dataset: str | None = None,
    limit: int = 50,
) -> list[Job]:
    """The owner's jobs, newest first."""
    query, values = "SELECT * FROM jobs WHERE owner = ?", [owner]
    if active is not None:
        query += f" AND state {'IN' if active else 'NOT IN'} ('queued', 'running')"
    for column, value in (("kind", kind), ("dataset", dataset)):
        if value is not None:
            query += f" AND {column} = ?"
            values.append(value)
    with workspace.reading() as database:
        rows = database.execute(query + " ORDER BY created DESC, rowid DESC LIMIT ?", [*values, limit])
        return [Job.from_row(row) for row in rows]


def done_with(workspace: Workspace, owner: str, run: str) -> set[str]:
    """The kinds of work that were finished on a run: ``explain``, ``predict`` and so on."""
    query = "SELECT DISTINCT kind FROM jobs WHERE owner = ? AND state = 'done' AND json_extract(params, '$.run') = ?"
    with workspace.reading() as database:
        return {row["kind"] for row in database.execute(query, (owner, run))}


def cancel(workspace: Workspace, job_id: str, owner: str) -> None:
    """Stop a job: at once while it waits, within five seconds while it works."""
    with workspace.database() as database:
        never_begun = database.execute(
            "UPDATE jobs SET state = 'cancelled', ended = ? WHERE id = ? AND owner = ? AND state = 'queued'"
            " RETURNING kind",
            (now(), job_id, owner),
        ).fetchone()
        if never_begun is not None:
            counts.add(database, "ended", kind=never_begun["kind"], state="cancelled")
        database.execute("UPDATE jobs SET cancel = 1 WHERE id = ? AND owner = ? AND state = 'running'", (job_id, owner))


def resume(workspace: Workspace, job_id: str, owner: str, params: BaseModel | None = None) -> None:
    """Queue a job again that was lost, failed or cancelled; what it had finished stays where it will find it.

    Parameters
    ----------
    params : BaseModel, optional
        In the place of what it was asked for; then also a job that is done goes on.

    Raises
    ------
    UnusableData
        Too much is waiting already.
    """
    with workspace.database() as database:
        row = database.execute("SELECT * FROM jobs WHERE id = ? AND owner = ?", (job_id, owner)).fetchone()
        if row is None or row["state"] not in (*table.RESUMABLE, *(["done"] if params is not None else [])):
            return
        _check_room(database, owner, row["address"])
        wanted = row["params"] if params is None else params.model_dump_json()
        if listed := database.execute("SELECT name FROM runs WHERE id = ?", (job_id,)).fetchone():
            wanted = _named(wanted, listed["name"])
            database.execute("DELETE FROM runs WHERE id = ?", (job_id,))
        database.execute(
            "UPDATE jobs SET state = 'queued', cancel = 0, error = NULL, ended = NULL, started = NULL, pid = NULL,"
            " progress = '{}', params = ? WHERE id = ?",
            (wanted, job_id),
        )
        final, partial = workspace.run_folder(job_id), table.partial_folder(workspace, job_id)
        if final.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
            os.replace(final, partial)


def folder(workspace: Workspace, job_id: str) -> Path:
    """Where a job's files are: the finished run, or the folder it still works in."""
    final, partial = workspace.run_folder(job_id), table.partial_folder(workspace, job_id)
    return partial if partial.is_dir() and not final.is_dir() else final


def _named(params: str, name: str) -> str:
    """The same parameters, with the name the user has given the run meanwhile."""
    stored = json.loads(params)
    return json.dumps(stored | {"name": name}) if "name" in stored else params


def _check_room(database: sqlite3.Connection, owner: str, address: str) -> None:
    """Refuse what is too much for one person, one address or the server; who has nothing yet gets the last places."""
    query = """
    SELECT COUNT(*) AS in_all, COUNT(*) FILTER (WHERE owner = :owner) AS own,
      COUNT(*) FILTER (WHERE address = :address AND address <> '') AS near FROM jobs WHERE state {state}"""
    asked = {"owner": owner, "address": address}
    waiting = database.execute(query.format(state="= 'queued'"), asked).fetchone()
    active = database.execute(query.format(state="IN ('queued', 'running')"), asked).fetchone()
    if waiting["own"] >= limits.QUEUED_PER_OWNER:
        raise UnusableData(
            _n("{n} of your jobs is waiting already.", "{n} of your jobs are waiting already."),
            _("Cancel one, or wait until one is done."),
            n=waiting["own"],
        )
    if waiting["near"] >= limits.QUEUED_PER_ADDRESS:
        raise UnusableData(
            _n("{n} job from your address is waiting already.", "{n} jobs from your address are waiting already."),
            _("Wait until one is done."),
            n=waiting["near"],
        )
    room = limits.QUEUED_IN_ALL - (limits.KEPT_FOR_OTHERS if active["own"] or active["near"] else 0)
    if waiting["in_all"] >= room:
        raise UnusableData(_("Too many jobs are waiting on this server."), _("Try again in a few minutes."))
