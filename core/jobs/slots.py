"""A slot: one place where a job may run, the worker that runs in it, and the warm one that waits to be next."""

from __future__ import annotations

import math
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import psutil

from core import catalog
from core.catalog import JobKind
from core.jobs import limits, processes
from core.workspace import Workspace


@dataclass
class Standby:
    """A worker without a job."""

    popen: subprocess.Popen[str]
    started: float


@dataclass
class Watched:
    """A worker with a job: our child, or one taken over from a dispatcher that died."""

    job_id: str
    process: psutil.Process
    popen: subprocess.Popen[str] | None = None
    since: float = field(default_factory=time.monotonic)
    cancelled_at: float | None = None
    asked_to_leave: bool = False
    most_seconds: float = math.inf
    most_bytes: int = field(default_factory=limits.job_bytes)
    over_limit: bool = False
    over_time: bool = False
    leaving_since: float | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    def lives(self) -> bool:
        if self.popen is not None:
            return self.popen.poll() is None
        return processes.alive(self.process)

    def exit_code(self) -> int:
        """How a child ended; 0 where nobody can know."""
        return self.popen.returncode if self.popen is not None and self.popen.returncode is not None else 0

    def wait(self) -> None:
        """Collect a child that was ended."""
        if self.popen is not None:
            self.popen.wait(timeout=10)


class Slot:
    """One place for a job."""

    def __init__(self, name: str, workspace: Workspace, kinds: str) -> None:
        self.name, self.workspace, self.kinds = name, workspace, kinds
        self.known = known_kinds(kinds)
        self.watched: Watched | None = None
        self.standby: Standby | None = None
        self.not_before = 0.0  # a standby that dies at once is not started again at once
        self.patience_seconds = 1.0

    def start_worker(self) -> Standby:
        """A new worker in a session of its own; it leaves by itself when our end of its input closes."""
        home = self.workspace.home
        arguments = ["--home", str(home), "--slot", self.name, "--kinds", self.kinds]
        popen = processes.start_module("core.jobs.worker", arguments, home / "logs" / "dispatcher.log")
        return Standby(popen, processes.start_of(popen.pid))

    def ready_standby(self) -> Standby:
        """The waiting worker, or a new one if there is none."""
        if self.standby is None or self.standby.popen.poll() is not None:
            self.standby = self.start_worker()
        return self.standby

    def hand_over(self, standby: Standby, job_id: str, kind: str) -> None:
        """Tell a worker its job; if it has died meanwhile, that is noticed at the next look."""
        self.standby = None
        self.watch(job_id, kind, psutil.Process(standby.popen.pid), standby.popen)
        assert standby.popen.stdin is not None
        try:
            standby.popen.stdin.write(job_id + "\n")
            standby.popen.stdin.close()
        except BrokenPipeError:
            standby.popen.kill()

    def watch(
        self, job_id: str, kind: str, process: psutil.Process, popen: subprocess.Popen[str] | None = None
    ) -> None:
        """Have an eye on a job's process, and on what its kind may take."""
        known = self.known.get(kind)
        most_seconds = limits.job_seconds(known.minutes if known is not None else None)
        self.watched = Watched(
            job_id, process, popen, most_seconds=most_seconds, most_bytes=limits.job_bytes(self.name)
        )

    def keep_standby(self) -> None:
        """Have one worker waiting, but let it not warm up in the first seconds of somebody's job."""
        if self.standby is not None:
            if self.standby.popen.poll() is None:
                return
            self.standby = None
            self.not_before = time.monotonic() + self.patience_seconds
            self.patience_seconds = min(60.0, self.patience_seconds * 2)
        if time.monotonic() < self.not_before:
            return
        if self.watched is not None and time.monotonic() - self.watched.since < limits.STANDBY_AFTER_SECONDS:
            return
        if self.name == "heavy" and psutil.virtual_memory().available < limits.STANDBY_MEMORY_BYTES:
            return
        self.standby = self.start_worker()

    def dismiss_standby(self) -> None:
        """Send the waiting worker away."""
        if self.standby is not None and self.standby.popen.poll() is None:
            processes.signal_group(self.standby.popen.pid, signal.SIGKILL)
            self.standby.popen.wait(timeout=10)
        self.standby = None


def known_kinds(table: str = "") -> Mapping[str, JobKind]:
    """The catalogue's kinds of work, or those that the import path ``module:NAME`` names."""
    if not table:
        return catalog.JOB_KINDS
    chosen: Any = catalog.load(table)
    return cast("Mapping[str, JobKind]", chosen)
