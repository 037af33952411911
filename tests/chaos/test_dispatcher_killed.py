"""A killed dispatcher: its worker goes when nobody takes it over, whatever it is inside of; else it stays."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from core.jobs import client, table
from core.jobs.processes import lock_file, read_pid
from core.jobs.worker import ALONE_SECONDS
from tests.jobs.conftest import Jobs, until
from tests.jobs.kinds import KINDS, Params
from tests.jobs.test_processes import gone
from tests.server.conftest import Server

GONE_SECONDS = 10.0
BUSY_SECONDS = 120.0  # what workers, who come after all others, may take to start on a busy machine


@pytest.fixture
def jobs(workspace):
    made = Jobs(workspace)
    yield made
    made.stop()


def at_work(jobs, kind):
    """A job of this kind inside its long call.  →  the job, and all processes it consists of"""
    submitted = jobs.submit(kind)
    until((table.partial_folder(jobs.workspace, submitted) / "started").exists, BUSY_SECONDS)
    job = jobs.get(submitted)
    worker = psutil.Process(job.pid)
    return job, [worker, *worker.children(recursive=True)]


@pytest.mark.parametrize(
    "kind", ["held", *(pytest.param(one, marks=pytest.mark.slow) for one in ("factored", "stubborn"))]
)
def test_a_worker_inside_a_long_call_is_gone_within_ten_seconds(jobs, kind):
    jobs.start()
    job, processes = at_work(jobs, kind)
    jobs.kill()
    killed = time.monotonic()
    until(lambda: all(gone(process.pid) for process in processes), GONE_SECONDS + 5)
    assert time.monotonic() - killed < GONE_SECONDS
    jobs.start()
    assert jobs.ended(job.id, BUSY_SECONDS).state == "lost"  # and can be resumed


@pytest.mark.slow  # it waits out the guard's patience
def test_a_worker_that_a_new_dispatcher_takes_over_goes_on_inside_its_call(jobs):
    jobs.start()
    job, _processes = at_work(jobs, "held")
    jobs.kill()
    jobs.start()
    until(lambda: read_pid(lock_file(jobs.workspace.home))[0] == jobs.process.pid, BUSY_SECONDS)
    time.sleep(ALONE_SECONDS + 2)  # that nothing happens shows only in time
    assert not gone(job.pid)
    client.cancel(jobs.workspace, job.id, "ann")
    assert jobs.ended(job.id, BUSY_SECONDS).state == "cancelled"
    until(lambda: gone(job.pid), 5)


def test_a_worker_without_work_goes_with_its_dispatcher(jobs):
    jobs.start()
    until(lambda: len(psutil.Process(jobs.process.pid).children()) == 2, BUSY_SECONDS)
    standby = psutil.Process(jobs.process.pid).children(recursive=True)
    jobs.kill()
    until(lambda: all(gone(process.pid) for process in standby), GONE_SECONDS)


@pytest.mark.slow  # the server waits for its dispatcher as long as it may
def test_a_server_that_stops_leaves_no_worker_of_a_dispatcher_too_busy_to_end_it(workspace):
    server = Server(workspace).start()
    try:
        job = client.submit(workspace, kind="held", owner="ann", params=Params(), kinds=KINDS)
        until((table.partial_folder(workspace, job) / "started").exists, BUSY_SECONDS)
        os.kill(read_pid(lock_file(workspace.home))[0], signal.SIGSTOP)  # as on a machine that gives it no time
    finally:
        server.stop()
    assert gone(table.one(workspace, job).pid)
