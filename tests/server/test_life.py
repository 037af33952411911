"""The server starts, stops in order, and is taken over after it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from core.jobs import client, table
from core.jobs.processes import lock_file, read_pid
from core.workspace import COMMAND_LINE, DatasetRow
from tests.jobs.conftest import until
from tests.jobs.kinds import KINDS, Params
from tests.server.conftest import ROOT, Server


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


@pytest.mark.slow
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


def test_a_second_server_on_the_same_home_says_so_and_ends_nothing(fresh, workspace):
    fresh.start()
    job = running(workspace)
    pid, work = dispatcher_pid(workspace), table.one(workspace, job).pid
    other = Server(workspace)
    second = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT, env=os.environ | {"AMALGAM_PORT": str(other.port), "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"at work on “{workspace.home}” already (process {fresh.process.pid})" in second.stderr
    assert "Traceback" not in second.stderr
    assert (dispatcher_pid(workspace), table.one(workspace, job).pid) == (pid, work)
    assert psutil.pid_exists(pid)
    assert psutil.pid_exists(work)
    assert fresh.browser().get(fresh.address, timeout=5).ok


def test_a_dispatcher_left_with_other_settings_is_replaced(fresh, workspace):
    fresh.start()
    left = until(lambda: dispatcher_pid(workspace))
    fresh.process.kill()
    fresh.process.wait()
    after = Server(workspace).start(AMALGAM_HOSTS="lab.example")  # others come in: workers may load less
    try:
        assert until(lambda: dispatcher_pid(workspace)) != left
        assert not psutil.pid_exists(left)
    finally:
        after.stop()


def test_what_is_written_is_for_this_user_alone(fresh, workspace):
    before = os.umask(0o022)
    try:
        fresh.start()
    finally:
        os.umask(before)
    browser = fresh.browser()
    browser.post(fresh.address + "/amalgam/upload?name=a.csv", data=b"a,b", timeout=5).raise_for_status()
    job = client.submit(workspace, kind="compare", owner="ann", params=Params(n=1), kinds=KINDS)
    until(lambda: table.one(workspace, job).state == "done", 15)
    made = [path for name in ("runs", "uploads", "logs") for path in (workspace.home / name).rglob("*")]
    assert {"a.csv", f"{job}.log", "dispatcher.log", "result.json"} <= {path.name for path in made}
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_what_the_terminal_made_is_told_with_its_link_at_the_start(fresh, workspace):
    workspace.add_dataset(DatasetRow("1", COMMAND_LINE, "table", "", 1, 1, 0.0))
    fresh.start(LANG="C.UTF-8", PYTHONUNBUFFERED="1")
    fresh.browser()
    assert workspace.unclaimed()  # not even the first browser has it for nothing
    assert f"{fresh.address}/?code={workspace.code()}" in fresh.stop()


def dispatcher_pid(workspace):
    return read_pid(lock_file(workspace.home))[0]


def test_the_web_process_has_nothing_heavy(fresh):
    fresh.start()
    maps = "\n".join(entry.path for entry in psutil.Process(fresh.process.pid).memory_maps())
    assert not [name for name in ("/torch/", "/sklearn/", "/numba/", "/scipy/", "lightgbm") if name in maps]
