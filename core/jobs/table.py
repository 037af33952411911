"""The table of jobs: how a row becomes a `Job`, who is next, and the moves between states.

``queued → running → done | failed | cancelled | lost``, and back to ``queued`` by a resume. Each move is one
transaction that names the state it starts from, so two processes never both make it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.files import unfinished
from core.jobs.figures import counts, families
from core.messages import Message
from core.workspace import RunRow, Workspace, list_run, now

State = Literal["queued", "running", "done", "failed", "cancelled", "lost"]
ACTIVE: tuple[State, ...] = ("queued", "running")
RESUMABLE: tuple[State, ...] = ("lost", "failed", "cancelled")


@dataclass(frozen=True)
class Progress:
    """How far a job is, and the last thing it found out."""

    stage: Message | None = None
    share: float | None = None  # 0 to 1 of the whole job
    finding: Message | None = None
    updated: float = 0.0
    remaining: float | None = None  # seconds, as estimated at `updated`

    def to_json(self) -> str:
        return json.dumps(
            {
                "stage": self.stage.model_dump(mode="json") if self.stage else None,
                "share": self.share,
                "finding": self.finding.model_dump(mode="json") if self.finding else None,
                "updated": self.updated,
                "remaining": self.remaining,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Progress:
        stored = json.loads(text or "{}")
        for name in ("stage", "finding"):
            if stored.get(name) is not None:
                stored[name] = Message.model_validate(stored[name])
        return cls(**stored)


@dataclass(frozen=True)
class JobError:
    """Why a job failed, for the person who reads it. `ours`: a bug; the log has the traceback."""

    code: str
    message: Message
    hint: Message | None = None
    ours: bool = False

    def to_json(self) -> str:
        return json.dumps(
            {
                "code": self.code,
                "message": self.message.model_dump(mode="json"),
                "hint": self.hint.model_dump(mode="json") if self.hint else None,
                "ours": self.ours,
            }
        )

    @classmethod
    def from_json(cls, text: str | None) -> JobError | None:
        if not text:
            return None
        stored = json.loads(text)
        stored["message"] = Message.model_validate(stored["message"])
        if stored["hint"] is not None:
            stored["hint"] = Message.model_validate(stored["hint"])
        return cls(**stored)


@dataclass(frozen=True)
class Job:
    """One piece of work as its row stands."""

    id: str
    owner: str
    kind: str
    slot: str
    dataset: str
    params: dict[str, Any]
    state: State
    cancelling: bool
    created: float
    started: float | None
    ended: float | None
    pid: int | None
    pid_started: float | None
    progress: Progress
    error: JobError | None
    attempts: int
    position: int | None = None  # in the queue, from 1

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def elapsed_seconds(self) -> float:
        """Time at work in this attempt; 0 while it waits."""
        if self.started is None:
            return 0.0
        return max(0.0, (self.ended if self.ended is not None else now()) - self.started)

    @property
    def remaining_seconds(self) -> float | None:
        """An estimate, or None where nothing can be said yet."""
        if self.state != "running" or self.progress.remaining is None:
            return None
        return max(0.0, self.progress.remaining - (now() - self.progress.updated))

    @classmethod
    def from_row(cls, row: sqlite3.Row, position: int | None = None) -> Job:
        return cls(
            id=row["id"],
            owner=row["owner"],
            kind=row["kind"],
            slot=row["slot"],
            dataset=row["dataset"],
            params=json.loads(row["params"]),
            state=row["state"],
            cancelling=bool(row["cancel"]),
            created=row["created"],
            started=row["started"],
            ended=row["ended"],
            pid=row["pid"],
            pid_started=row["pid_started"],
            progress=Progress.from_json(row["progress"]),
            error=JobError.from_json(row["error"]),
            attempts=row["attempts"],
            position=position,
        )


def partial_folder(workspace: Workspace, job_id: str) -> Path:
    """Where a job works until it has ended."""
    return unfinished(workspace.run_folder(job_id))


def one(workspace: Workspace, job_id: str) -> Job | None:
    """A job, whoever's it is."""
    with workspace.reading() as database:
        row = database.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return Job.from_row(row) if row else None


def running(workspace: Workspace) -> list[Job]:
    """All jobs that are at work, or were when their process was last heard of."""
    with workspace.reading() as database:
        return [Job.from_row(row) for row in database.execute("SELECT * FROM jobs WHERE state = 'running'")]


def waiting(database: sqlite3.Connection, slot: str) -> list[str]:
    """Ids of the slot's queue in the order they will be taken: owners in turn, the longest unserved first."""
    rows = database.execute(
        "SELECT id, owner, created FROM jobs WHERE state = 'queued' AND slot = ? ORDER BY created, id", (slot,)
    ).fetchall()
    served = dict(
        database.execute(
            "SELECT owner, MAX(started) FROM jobs WHERE slot = ? AND started IS NOT NULL GROUP BY owner", (slot,)
        ).fetchall()
    )
    return fair_order([(row["id"], row["owner"], row["created"]) for row in rows], served)


def fair_order(queue: Iterable[tuple[str, str, float]], served: dict[str, float]) -> list[str]:
    """Round-robin over owners: everybody's first job, then everybody's second, and so on.

    Parameters
    ----------
    queue : (id, owner, created), oldest first
    served : owner → when a job of theirs last started
    """
    seen: dict[str, int] = {}
    ranked = []
    for job_id, owner, created in queue:
        seen[owner] = seen.get(owner, 0) + 1
        ranked.append((seen[owner], served.get(owner, 0.0), created, job_id))
    return [job_id for *_rank, job_id in sorted(ranked)]


def claim(workspace: Workspace, job_id: str, pid: int, pid_started: float) -> bool:
    """Hand a waiting job to a process.  →  False if it is not waiting any more"""
    with workspace.database() as database:
        moved = database.execute(
            "UPDATE jobs SET state = 'running', pid = ?, pid_started = ?, started = ?, heartbeat = ?, ended = NULL,"
            " error = NULL, progress = '{}', attempts = attempts + 1 WHERE id = ? AND state = 'queued'",
            (pid, pid_started, now(), now(), job_id),
        ).rowcount
        if moved:
            row = database.execute(
                "SELECT kind, created, started, attempts FROM jobs WHERE id = ?", (job_id,)
            ).fetchone()
            if row["attempts"] == 1:  # a resumed one was not waiting all the time
                waited = row["started"] - row["created"]
                counts.observe(database, "waiting", waited, counts.WAITING_BOUNDS, kind=row["kind"])
    return bool(moved)


def beat(workspace: Workspace, job_id: str, progress: Progress | None) -> bool:
    """Say that a job lives, and how far it is.  →  whether it should stop"""
    with workspace.database() as database:
        if progress is None:
            database.execute("UPDATE jobs SET heartbeat = ? WHERE id = ?", (now(), job_id))
        else:
            database.execute(
                "UPDATE jobs SET heartbeat = ?, progress = ? WHERE id = ?", (now(), progress.to_json(), job_id)
            )
        row = database.execute("SELECT cancel, state FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return row is None or bool(row["cancel"]) or row["state"] != "running"


def wanted_cancelled(workspace: Workspace, job_id: str) -> bool:
    """Whether the user has asked a running job to stop."""
    with workspace.reading() as database:
        row = database.execute("SELECT cancel FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return row is None or bool(row["cancel"])


def finish(workspace: Workspace, job: Job, state: State, error: JobError | None = None) -> bool:
    """End a running job: its folder goes into place, it is listed if there is something to see, its row says how.

    All of it is one transaction: a page that reads ``done`` finds the folder and the run. Work that did not get to
    its end keeps its ``.partial`` folder for a resume, unless it already holds a result that can be looked at.
    """
    partial, final = partial_folder(workspace, job.id), workspace.run_folder(job.id)
    with workspace.database() as database:
        moved = database.execute(
            "UPDATE jobs SET state = ?, ended = ?, error = ?, cancel = 0, pid = NULL, pid_started = NULL"
            " WHERE id = ? AND state = 'running'",
            (state, now(), error.to_json() if error else None, job.id),
        ).rowcount
        if not moved:
            return False
        _count_end(database, job, state, error)
        if partial.is_dir():
            if not any(partial.iterdir()):
                partial.rmdir()
            elif state == "done" or (partial / "result.json").exists():
                shutil.rmtree(final, ignore_errors=True)
                os.replace(partial, final)
        if job.kind == "compare" and (final / "result.json").exists():
            list_run(database, RunRow(job.id, job.owner, job.dataset, job.kind, run_name(job), now()))
    return True


def _count_end(database: sqlite3.Connection, job: Job, state: State, error: JobError | None) -> None:
    counts.add(database, "ended", kind=job.kind, state=state)
    counts.add(database, "worker_ends", reason=families.reason(state, error.code if error else ""))
    if job.started is not None:
        counts.observe(database, "running", now() - job.started, counts.RUNNING_BOUNDS, kind=job.kind)


def run_name(job: Job) -> str:
    """What a run is called: as the user said, else its target and the time."""
    if name := str(job.params.get("name") or "").strip():
        return name[:120]
    target = str((job.params.get("plan") or {}).get("target") or job.kind)
    return f"{target[:90]} · {time.strftime('%Y-%m-%d %H:%M')}"
