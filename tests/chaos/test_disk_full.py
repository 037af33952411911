"""A disk that fills during work: one sentence, a state that is right, and work that goes on once there is room."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess

import pytest

from core.jobs import client, housekeeping, processes, table, worker
from core.jobs.failures import explained
from core.jobs.housekeeping import RESERVE_BYTES, reserve
from core.jobs.reporter import Reporter
from core.messages import UnusableData
from core.workspace import Workspace
from tests.jobs.conftest import Jobs, until

MEGABYTES = 16


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("making a small file system needs more rights than these")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def jobs(small_disk, monkeypatch):
    monkeypatch.setenv("AMALGAM_HOME", str(small_disk / "home"))
    monkeypatch.setenv("AMALGAM_KEEP_FREE_MB", "0")  # or nothing would be begun on so small a disk
    made = Jobs(Workspace(small_disk / "home"))
    yield made
    made.stop()


def fill(disk):
    """Leave no byte free.  →  the file that takes it all"""
    path = disk / "filler"
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return path


def submit_many(jobs):
    """More than the pages that the database has to spare hold."""
    for n in range(200):
        jobs.submit("quick", owner=f"somebody-{n}", name="a long name " * 500)


def test_a_training_on_a_full_disk_fails_with_a_sentence_and_goes_on_once_there_is_room(jobs, small_disk):
    jobs.start()
    until(lambda: reserve(jobs.workspace).exists())
    assert reserve(jobs.workspace).stat().st_size == RESERVE_BYTES
    job = jobs.submit("count", n=60)
    jobs.at_work(job, "3.txt")
    filler = fill(small_disk)
    ended = jobs.ended(job)
    assert (ended.state, ended.error.code, ended.error.ours) == ("failed", "disk_full", False)
    assert jobs.process.poll() is None  # the dispatcher is the same
    filler.unlink()
    finished = {path.name: path.read_text() for path in client.folder(jobs.workspace, job).glob("*.txt")}
    client.resume(jobs.workspace, job, "ann")
    assert jobs.ended(job, 60).state == "done"
    folder = client.folder(jobs.workspace, job)
    assert len(list(folder.glob("*.txt"))) == 60
    assert all((folder / name).read_text() == text for name, text in finished.items() if text)


def test_work_that_was_done_when_the_disk_was_full_is_done(jobs, small_disk):
    job = jobs.submit("quick")
    assert table.claim(jobs.workspace, job, os.getpid(), processes.start_of(os.getpid()))
    running = jobs.get(job)
    housekeeping.keep_reserve(jobs.workspace)
    fill(small_disk)
    with pytest.raises(sqlite3.OperationalError):
        submit_many(jobs)
    worker.written(jobs.workspace, running, Reporter(jobs.workspace, running), "done", None)
    assert jobs.get(job).state == "done"


def test_the_end_of_a_worker_that_was_killed_is_written_on_a_full_disk(jobs, small_disk):
    jobs.start()
    until(lambda: reserve(jobs.workspace).exists())
    job = jobs.at_work(jobs.submit("count", n=1000), "1.txt")
    os.killpg(job.pid, signal.SIGSTOP)  # so that it can't give back what is held back
    fill(small_disk)
    with pytest.raises(sqlite3.OperationalError):
        submit_many(jobs)
    os.killpg(job.pid, signal.SIGKILL)
    assert jobs.ended(job.id).state == "lost"


@pytest.mark.slow
def test_what_is_submitted_to_a_full_disk_is_refused_in_a_sentence(jobs, small_disk):
    filler = fill(small_disk)
    with pytest.raises(sqlite3.OperationalError) as failure:
        submit_many(jobs)
    assert explained(failure.value).code == "disk_full"
    filler.unlink()
    jobs.start()
    assert jobs.ended(jobs.submit("quick")).state == "done"


def test_nothing_is_begun_on_a_disk_that_is_nearly_full(jobs, monkeypatch):
    monkeypatch.setenv("AMALGAM_KEEP_FREE_MB", "100")
    with pytest.raises(UnusableData, match="nearly full"):
        jobs.submit("quick")


@pytest.mark.slow
def test_a_dispatcher_on_a_full_disk_stays_and_works_on_once_there_is_room(jobs, small_disk):
    jobs.start()
    until(lambda: reserve(jobs.workspace).exists())
    waiting = [jobs.submit("count", n=40, owner=f"person-{n}") for n in range(3)]
    jobs.at_work(waiting[0], "3.txt")
    filler = fill(small_disk)
    jobs.ended(waiting[0])
    filler = fill(small_disk) if not filler.exists() else filler  # what was held back is used up, too
    fill(small_disk)
    with pytest.raises(AssertionError):
        until(lambda: jobs.process.poll() is not None, 4)
    filler.unlink()
    states = [jobs.ended(job, 60) for job in waiting]
    assert {job.state for job in states} <= {"done", "failed"}
    assert all(job.error.code == "disk_full" for job in states if job.state == "failed")
    assert jobs.ended(jobs.submit("quick")).state == "done"
