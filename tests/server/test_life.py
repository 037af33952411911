"""The server starts, stops in order, and is taken over after it was killed."""

from __future__ import annotations

import signal
import time

import psutil
import pytest

from core.jobs import client, table
from tests.jobs.conftest import until
from tests.jobs.kinds import KINDS, Params
from tests.server.conftest import Server


@pytest.fixture
def fresh(workspace):
    made = Server(workspace)
    yield made
    made.stop()


def family(server):
    return psutil.Process(server.process.pid).children(recursive=True)


def running(workspace, n=1000):
    """A job at work."""
    job = client.submit(workspace, kind="count", owner="ann", params=Params(n=n), kinds=KINDS)
    until((table.partial_folder(workspace, job) / "1.txt").exists)
    return job


def test_ctrl_c_ends_everything_within_seconds(fresh, workspace):
    fresh.start()
    job = running(workspace)
    processes = family(fresh)
    assert len(processes) >= 2
    began = time.monotonic()
    printed = fresh.stop(signal.SIGINT)
    assert time.monotonic() - began < 8
    assert fresh.address in printed
    assert fresh.process.returncode == 0
    assert not [process for process in processes if process.is_running() and process.status() != "zombie"]
    assert table.one(workspace, job).state == "lost"


def test_a_killed_server_is_followed_by_one_that_finds_the_job_at_work(fresh, workspace):
    fresh.start()
    job = running(workspace)
    pid = table.one(workspace, job).pid
    fresh.process.kill()
    fresh.process.wait()
    after = Server(workspace).start()
    try:
        time.sleep(1)
        found = table.one(workspace, job)
        assert (found.state, found.pid) == ("running", pid)
    finally:
        after.stop(signal.SIGTERM)
    assert table.one(workspace, job).state == "lost"
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 5)


def test_server_dispatcher_and_worker_killed_at_once_are_right_within_ten_seconds(fresh, workspace):
    fresh.start()
    job = running(workspace, n=50)
    for process in [psutil.Process(fresh.process.pid), *family(fresh)]:
        process.kill()
    fresh.process.wait()
    after = Server(workspace).start()
    try:
        until(lambda: table.one(workspace, job).state == "lost", 10)
        client.resume(workspace, job, "ann")
        until(lambda: table.one(workspace, job).state == "done", 15)
    finally:
        after.stop()


def test_a_dispatcher_that_died_is_replaced(fresh, workspace):
    fresh.start()
    first = until(lambda: [p for p in family(fresh) if "core.jobs.dispatcher" in " ".join(p.cmdline())])[0]
    first.kill()
    job = client.submit(workspace, kind="quick", owner="ann", params=Params(), kinds=KINDS)
    until(lambda: table.one(workspace, job).state == "done", 10)


def test_the_web_process_has_nothing_heavy(fresh):
    fresh.start()
    maps = "\n".join(entry.path for entry in psutil.Process(fresh.process.pid).memory_maps())
    assert not [name for name in ("/torch/", "/sklearn/", "/numba/", "/scipy/", "lightgbm") if name in maps]
