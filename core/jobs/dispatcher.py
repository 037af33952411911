"""Who works when: one process per workspace that hands waiting jobs to workers, watches them, and ends them.

``python -m core.jobs.dispatcher``. The server starts it; it outlives a server that was killed, and the next one takes
it over. It holds no state of its own: everything it must know after a crash stands in the table of jobs.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

import structlog

from core.allowed import models
from core.files import is_disk_full, write_privately
from core.jobs import housekeeping, limits, logs, processes, table
from core.jobs.failures import bug, disk_full, out_of_memory, out_of_time
from core.jobs.figures import counts
from core.jobs.processes import lock_file, read_pid, server_file
from core.jobs.resident.keeper import Keeper
from core.jobs.slots import Slot, Watched
from core.jobs.table import Job
from core.workspace import Workspace

log = structlog.get_logger("dispatcher")
TICK_SECONDS = 0.1
MEMORY_SECONDS = 1.0
SWEEP_SECONDS = 2.0
TIDY_SECONDS = 6 * 3600.0
ORPHAN_SECONDS = 60.0  # how long it stays without a server when nothing is to be done
RESERVE_SECONDS = 30.0  # after a full disk, until some of it is held back again
TROUBLE_SECONDS = 1.0  # until the next look when something can't be written
COMPLAINT_SECONDS = 60.0  # between two lines of the log about it
LEAVING_SECONDS = 5.0  # a worker that has written its end must be gone after so long
CRASHES = {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGILL, -signal.SIGBUS, -signal.SIGFPE}


class Dispatcher:
    """The loop and the two slots it fills.

    Parameters
    ----------
    workspace : Workspace
    kinds : str
        Import path of another table of kinds, for workers to use; empty: the catalogue's.
    ops : str
        The same for what the resident worker can be asked.
    """

    def __init__(self, workspace: Workspace, kinds: str = "", ops: str = "") -> None:
        self.workspace = workspace
        self.resident = Keeper(workspace, ops)
        self.slots = {name: Slot(name, workspace, kinds) for name in ("heavy", "light")}
        self.stopping = False
        self.changes = sqlite3.connect(workspace.home / "amalgam.sqlite", timeout=30, isolation_level=None)
        self.seen_version = -1
        self.due: dict[str, float] = {}
        self.alone_since: float | None = None

    def run(self) -> None:
        """Work until told to stop, or until there has been no server and nothing to do for a while."""
        while not self.stopping and not self.abandoned():
            try:
                self.tick()
            except (sqlite3.Error, OSError) as failure:
                self.wait_out(failure)
            time.sleep(TICK_SECONDS)
        self.stop()

    def wait_out(self, failure: Exception) -> None:
        """Stay when the disk is full or the database is busy: the next look may find it otherwise."""
        if is_disk_full(failure):
            housekeeping.free_reserve(self.workspace)
        self.seen_version = -1  # what was to be done about the last change is still to be done
        if self.is_due("complaint", COMPLAINT_SECONDS):
            log.warning("can't write", failure=repr(failure))
        time.sleep(TROUBLE_SECONDS)

    def tick(self) -> None:
        """One look at everything; cheap when nothing has changed."""
        freed = [slot for slot in self.slots.values() if self.reap(slot)]
        if self.is_due("sweep", SWEEP_SECONDS):
            self.sweep()
        if self.is_due("tidy", TIDY_SECONDS):
            housekeeping.tidy(self.workspace)
        if self.is_due("reserve", RESERVE_SECONDS):
            housekeeping.keep_reserve(self.workspace)
        for slot in self.slots.values():
            if slot.watched is not None:
                self.enforce(slot.watched)
        if self.changed() or freed:
            for slot in self.slots.values():
                self.assign(slot)
        for slot in self.slots.values():
            slot.keep_standby()
        self.resident.tick()
        if self.is_due("resident", MEMORY_SECONDS):
            self.resident.enforce()

    def is_due(self, what: str, every_seconds: float) -> bool:
        """Whether it is time for this again."""
        if time.monotonic() < self.due.get(what, 0.0):
            return False
        self.due[what] = time.monotonic() + every_seconds
        return True

    def changed(self) -> bool:
        """Whether another process has written to the database since the last look."""
        version = self.changes.execute("PRAGMA data_version").fetchone()[0]
        changed, self.seen_version = version != self.seen_version, version
        return changed

    def assign(self, slot: Slot) -> None:
        """Give the next waiting job to the slot's worker, if the slot is free."""
        while slot.watched is None:
            with self.workspace.reading() as database:
                waiting = table.waiting(database, slot.name)
            if not waiting:
                return
            standby = slot.ready_standby()
            if not table.claim(self.workspace, waiting[0], standby.popen.pid, standby.started):
                continue  # cancelled a moment ago
            log.info("assigned", job=waiting[0], slot=slot.name, pid=standby.popen.pid)
            job = table.one(self.workspace, waiting[0])
            slot.hand_over(standby, waiting[0], job.kind if job is not None else "")

    def reap(self, slot: Slot) -> bool:
        """Notice that the slot's worker has ended.  →  whether the slot became free"""
        watched = slot.watched
        if watched is None:
            return False
        if watched.lives():
            self.see_out(watched)
            return False
        processes.signal_group(watched.pid, signal.SIGKILL)  # whatever it started and left behind
        job = table.one(self.workspace, watched.job_id)
        if job is None:  # deleted while it was at work
            housekeeping.forget_files(self.workspace, watched.job_id)
        elif job.state == "running" and job.pid == watched.pid:
            self.settle(job, watched)
        slot.watched = None
        return True

    def settle(self, job: Job, watched: Watched) -> None:
        """Write how a job ended whose process could not say so itself."""
        if watched.over_limit:
            table.finish(self.workspace, job, "failed", out_of_memory(watched.most_bytes))
        elif watched.over_time:
            table.finish(self.workspace, job, "failed", out_of_time(watched.most_seconds))
        elif job.cancelling:
            table.finish(self.workspace, job, "cancelled")
        elif watched.exit_code() == errno.ENOSPC:
            table.finish(self.workspace, job, "failed", disk_full())
        elif watched.exit_code() in CRASHES:
            table.finish(self.workspace, job, "failed", bug(signal.Signals(-watched.exit_code()).name))
        else:
            table.finish(self.workspace, job, "lost")
        log.info("settled", job=job.id, exit_code=watched.exit_code())

    def see_out(self, watched: Watched) -> None:
        """End a worker that has written its job's end but does not leave."""
        if not self.is_due(f"leaving-{watched.job_id}", 1.0):
            return
        job = table.one(self.workspace, watched.job_id)
        if job is not None and job.state == "running" and job.pid == watched.pid:
            watched.leaving_since = None
        elif watched.leaving_since is None:
            watched.leaving_since = time.monotonic()
        elif time.monotonic() - watched.leaving_since > LEAVING_SECONDS:
            processes.signal_group(watched.pid, signal.SIGKILL)

    def enforce(self, watched: Watched) -> None:
        """Cancel what should stop; end what has grown too large."""
        if watched.cancelled_at is None:
            if table.wanted_cancelled(self.workspace, watched.job_id):
                watched.cancelled_at = time.monotonic()
        else:
            waited = time.monotonic() - watched.cancelled_at
            if waited > limits.TERM_AFTER_SECONDS + limits.KILL_AFTER_SECONDS:
                processes.signal_group(watched.pid, signal.SIGKILL)
            elif waited > limits.TERM_AFTER_SECONDS and not watched.asked_to_leave:
                watched.asked_to_leave = True
                processes.signal_group(watched.pid, signal.SIGTERM)
        if time.monotonic() - watched.since > watched.most_seconds and not watched.over_time:
            log.warning("out of time", job=watched.job_id)
            watched.over_time = True
            processes.signal_group(watched.pid, signal.SIGKILL)
        if self.is_due(f"memory-{watched.pid}", MEMORY_SECONDS):
            used = processes.group_bytes(watched.process)
            if used > watched.most_bytes:
                log.warning("out of memory", job=watched.job_id, used_bytes=used)
                watched.over_limit = True
                processes.signal_group(watched.pid, signal.SIGKILL)

    def sweep(self) -> None:
        """Jobs that are said to run but that nobody watches: take over the living, write off the dead."""
        watched = {slot.watched.job_id for slot in self.slots.values() if slot.watched is not None}
        for job in table.running(self.workspace):
            if job.id in watched:
                continue
            process = processes.find(job.pid, job.pid_started)
            slot = self.slots[job.slot]
            if process is None:
                table.finish(self.workspace, job, "cancelled" if job.cancelling else "lost")
                log.info("swept", job=job.id)
            elif slot.watched is None:
                slot.watch(job.id, job.kind, process)
                log.info("adopted", job=job.id, pid=job.pid)

    def abandoned(self) -> bool:
        """Whether the server has been gone for a while and there is nothing left to do, or the home is gone."""
        if not self.is_due("server", 2.0):
            return False
        if not lock_file(self.workspace.home).exists():
            return True
        server = read_pid(server_file(self.workspace.home))
        busy = any(slot.watched is not None for slot in self.slots.values())
        if busy or processes.find(*server) is not None:
            self.alone_since = None
        elif self.alone_since is None:
            self.alone_since = time.monotonic()
        return self.alone_since is not None and time.monotonic() - self.alone_since > ORPHAN_SECONDS

    def stop(self) -> None:
        """End every worker; what they were doing can be resumed."""
        self.resident.stop()
        members = [slot.watched.process for slot in self.slots.values() if slot.watched is not None]
        for slot in self.slots.values():
            slot.dismiss_standby()
        processes.end_groups(members, patience_seconds=1.5)
        for slot in self.slots.values():
            if slot.watched is not None:
                slot.watched.wait()
                with contextlib.suppress(sqlite3.Error, OSError):  # nowhere to write it: the next one finds it out
                    self.reap(slot)
        log.info("stopped")

    def count_start(self) -> None:
        """Count it; on a full disk it goes on without."""
        with contextlib.suppress(sqlite3.Error), self.workspace.database() as database:
            counts.add(database, "dispatcher_starts")

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Take SIGTERM."""
        self.stopping = True


def locked(file: IO[str]) -> bool:
    """Hold a file alone for as long as it is open: the lock goes with the process, however it ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def allowed_by(path: Path) -> str:
    """What the process of a file written by `write_pid` allows its workers."""
    try:
        return str(json.loads(path.read_text()).get("allowed", ""))
    except (FileNotFoundError, json.JSONDecodeError):
        return ""


def write_pid(file: IO[str]) -> None:
    """Put this process's pid and start time into a file, and what it allows its workers."""
    file.seek(0)
    file.truncate()
    told = {"pid": os.getpid(), "started": processes.start_of(os.getpid()), "allowed": models.summary()}
    json.dump(told, file)
    file.flush()


def main(arguments: list[str] | None = None) -> int:
    """Take the lock and dispatch; leave at once if somebody else does."""
    parser = argparse.ArgumentParser(prog="core.jobs.dispatcher")
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--kinds", default="", help="import path of another table of kinds")
    parser.add_argument("--ops", default="", help="import path of another table of what can be asked")
    options = parser.parse_args(arguments)
    write_privately()
    workspace = Workspace(options.home)
    with lock_file(workspace.home).open("a+") as lock:
        if not locked(lock):
            return 0
        write_pid(lock)
        logs.configure()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        dispatcher = Dispatcher(workspace, options.kinds, options.ops)
        dispatcher.count_start()
        signal.signal(signal.SIGTERM, dispatcher.ask_to_stop)
        dispatcher.run()
        lock.truncate(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
