"""One job's process: ``python -m core.jobs.worker``. It warms up, waits for a job's id on its input, works.

The dispatcher starts it in a session of its own, so that everything it starts can be ended together. A small process
beside it ends it when no dispatcher is there any more, whatever library holds the interpreter meanwhile.
"""

from __future__ import annotations

import argparse
import errno
import faulthandler
import gc
import importlib
import os
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import structlog

from core import catalog
from core.catalog import JobKind
from core.files import is_disk_full
from core.jobs import housekeeping, limits, logs, processes, table
from core.jobs.context import Context
from core.jobs.failures import explained
from core.jobs.processes import lock_file, read_pid, server_file
from core.jobs.reporter import Reporter
from core.jobs.slots import known_kinds
from core.jobs.table import Job, JobError, State
from core.messages import Cancelled
from core.workspace import Workspace

log = structlog.get_logger("worker")
GUARD_SECONDS = 1.0  # between two looks for a dispatcher
ALONE_SECONDS = 7.0  # a worker without dispatcher and server is gone within ten
RESTART_SECONDS = 60.0  # what a server may need, on a busy machine, for another dispatcher
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def main(arguments: list[str] | None = None) -> int:
    """Wait for one job and do it."""
    parser = argparse.ArgumentParser(prog="core.jobs.worker")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--slot", choices=("heavy", "light"), required=True)
    parser.add_argument("--kinds", default="")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the server, which ends its workers itself
    start_guard(options.home)
    faulthandler.enable()
    os.nice(limits.NICENESS)
    set_threads(limits.slot_threads(options.slot))
    lines = logs.configure()
    known = known_kinds(options.kinds)
    warm_up(known, options.slot)
    job_id = sys.stdin.readline().strip()
    if not job_id:  # the dispatcher has gone
        return 0
    return work(Workspace(options.home), job_id, known, lines)


def start_guard(home: Path) -> None:
    """Have a process beside this one that ends it once nobody watches it; called before there is any other thread.

    A thread could not: a library may hold the interpreter for minutes. The kernel's signal at a parent's death would
    be too early: a new dispatcher takes the worker over.
    """
    worker = os.getpid()
    if os.fork() == 0:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a cancelled job's: the worker may not go by it
            os.close(0)
            guard(home, worker)
        finally:
            os._exit(0)


def guard(home: Path, worker: int) -> None:
    """Wait until a worker, our parent, has gone; end it and what it started when it has been alone for long."""
    watched = time.monotonic()
    while os.getppid() == worker:
        time.sleep(GUARD_SECONDS)
        dispatcher, server = (processes.find(*read_pid(place(home))) for place in (lock_file, server_file))
        if dispatcher is not None:
            watched = time.monotonic()
        most = RESTART_SECONDS if server is not None else ALONE_SECONDS  # a server starts another dispatcher
        if time.monotonic() - watched > most and os.getppid() == worker:
            processes.signal_group(worker, signal.SIGKILL)


def set_threads(n_threads: int) -> None:
    """Tell the numeric libraries how many threads they may use; they read this when they are imported.

    Threads that wait must sleep: on a busy machine the usual spinning made gradient boosting ten times slower.
    """
    for name in THREAD_VARIABLES:
        os.environ[name] = str(n_threads)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def warm_up(known: Mapping[str, JobKind], slot: str) -> None:
    """Import what the slot's kinds of work will need, and stop as soon as a job is waiting."""
    for kind in known.values():
        if kind.slot != slot:
            continue
        for module in kind.warm:
            if select.select([sys.stdin], [], [], 0)[0]:
                return
            try:
                importlib.import_module(module)
            except Exception:  # a job that needs it will say so; the others can do without
                log.exception("a module could not be imported beforehand", module=module)
    gc.collect()
    gc.freeze()


def work(workspace: Workspace, job_id: str, known: Mapping[str, JobKind], lines: logs.Lines) -> int:
    """Do one job that is this process's, and write down how it ended."""
    lines.into(workspace.log_file(job_id))
    job = table.one(workspace, job_id)
    if job is None or job.state != "running" or job.pid != os.getpid():
        log.warning("this job is not mine", job=job_id)
        return 0
    logs.about(job=job.id, owner=job.owner)
    log.info("start", kind=job.kind, attempt=job.attempts, threads=limits.slot_threads(job.slot))
    folder = table.partial_folder(workspace, job.id)
    reporter = Reporter(workspace, job)
    state, error = attempt(workspace, job, known, folder, reporter)
    try:
        written(workspace, job, reporter, state, error)
    except (sqlite3.Error, OSError) as failure:
        log.info("the end could not be written", failure=repr(failure))
        return errno.ENOSPC if is_disk_full(failure) else 1  # the dispatcher writes it as soon as it can
    log.info("end", state=state)
    return 0


def written(workspace: Workspace, job: Job, reporter: Reporter, state: State, error: JobError | None) -> None:
    """Write how a job ended; on a full disk with what was held back for it."""
    try:
        reporter.close()
        table.finish(workspace, job, state, error)
    except (sqlite3.Error, OSError) as failure:
        if not is_disk_full(failure) or not housekeeping.free_reserve(workspace):
            raise
        table.finish(workspace, job, state, error)


def attempt(
    workspace: Workspace, job: Job, known: Mapping[str, JobKind], folder: Path, reporter: Reporter
) -> tuple[State, JobError | None]:
    """Run the kind's function.  →  how it ended, and why"""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run = catalog.load(known[job.kind].run)
        threads = limits.slot_threads(job.slot)
        context = Context(
            workspace, job.owner, job.id, folder, reporter.report, reporter.stop, threads, reporter.expect
        )
        run(job.params, context)
    except Cancelled:
        log.info("cancelled")
        return "cancelled", None
    except Exception as failure:
        log.exception("failed")
        return "failed", explained(failure)
    return "done", None


if __name__ == "__main__":
    sys.exit(main())
