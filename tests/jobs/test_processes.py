"""Jobs in real processes: they run, fail in words, stop when told, and survive what dies around them."""

from __future__ import annotations

import os
import shutil
import signal
import time

import psutil
import pytest

from core.jobs import client, processes
from core.messages import translate
from tests.jobs.conftest import Jobs, until


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_work_is_done_and_its_folder_is_in_place(jobs):
    jobs.start()
    job = jobs.ended(jobs.submit("count", n=4))
    assert (job.state, job.attempts, job.progress.share) == ("done", 1, 1.0)
    assert job.progress.stage.id == "Counting"
    folder = jobs.workspace.run_folder(job.id)
    assert sorted(path.name for path in folder.iterdir()) == [f"{n}.txt" for n in range(4)]
    assert "start" in jobs.workspace.log_file(job.id).read_text()


def test_a_job_is_done_by_the_worker_that_waits_for_it(jobs):
    jobs.start()
    first = jobs.at_work(jobs.submit("count", n=1000), "0.txt")

    def waiting():
        workers = [one for one in psutil.Process(jobs.process.pid).children() if "heavy" in one.cmdline()]
        return [one.pid for one in workers if one.pid != first.pid]

    there = until(waiting, 60.0)  # none warms up in the first 20 s of a job
    client.cancel(jobs.workspace, first.id, "ann")
    assert [jobs.at_work(jobs.submit("count", n=1000), "0.txt").pid] == there


def test_the_light_slot_does_not_wait_for_the_heavy_one(jobs):
    jobs.start()
    heavy = jobs.submit("count", n=1000)
    jobs.at_work(heavy, "0.txt")
    assert jobs.ended(jobs.submit("light")).state == "done"
    assert jobs.get(heavy).state == "running"


@pytest.mark.slow
def test_owners_take_turns(jobs):
    order = [jobs.submit("quick"), jobs.submit("quick"), jobs.submit("quick"), jobs.submit("quick", owner="bob")]
    jobs.start()
    done = sorted((jobs.ended(job) for job in order), key=lambda job: job.started)
    assert [job.owner for job in done] == ["ann", "bob", "ann", "ann"]


@pytest.mark.parametrize(
    ("kind", "code", "sentence", "ours"),
    [
        ("wrong_data", "unusable_data", "Row 3 is missing.", False),
        ("broken", "bug", "This is our fault", True),
        ("disk_full", "disk_full", "The disk is full", False),
        ("crash", "bug", "SIGSEGV", True),
    ],
)
def test_failures_are_said_in_words(jobs, kind, code, sentence, ours):
    jobs.start()
    job = jobs.ended(jobs.submit(kind))
    assert (job.state, job.error.code, job.error.ours) == ("failed", code, ours)
    shown = translate(job.error.message, "en")
    assert sentence in shown
    assert "secret details" not in shown
    if kind == "broken":
        assert "secret details" in jobs.workspace.log_file(job.id).read_text()


def test_too_much_memory_ends_the_job_and_says_so(jobs):
    jobs.start(AMALGAM_JOB_MEMORY_MB="300")
    job = jobs.ended(jobs.submit("greedy"))
    assert (job.state, job.error.code) == ("failed", "out_of_memory")


def test_quick_work_without_an_end_is_ended_and_the_next_one_is_done(jobs):
    jobs.start()
    job, behind = jobs.submit("endless"), jobs.submit("light", owner="bob")
    assert (jobs.ended(job).state, jobs.get(job).error.code) == ("failed", "out_of_time")
    assert jobs.ended(behind).state == "done"


@pytest.mark.parametrize(("kind", "file"), [("count", "0.txt"), ("stubborn", "started")])
def test_a_cancelled_job_is_gone_within_five_seconds(jobs, kind, file):
    jobs.start()
    job = jobs.at_work(jobs.submit(kind, n=1000), file)
    client.cancel(jobs.workspace, job.id, "ann")
    began = time.monotonic()
    until(lambda: gone(job.pid), 6)
    assert time.monotonic() - began < 5.2  # five, and what this test takes to look
    assert jobs.ended(job.id).state == "cancelled"


def test_cancelling_ends_what_the_job_started(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("children"), "child")
    child = int(until((client.folder(jobs.workspace, job.id) / "child").read_text))
    client.cancel(jobs.workspace, job.id, "ann")
    jobs.ended(job.id)
    until(lambda: gone(child), 3)


def test_a_cancelled_comparison_keeps_what_it_has(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("compare", n=1000, name="Half"), "2.txt")
    client.cancel(jobs.workspace, job.id, "ann")
    jobs.ended(job.id)
    assert [run.name for run in jobs.workspace.runs("ann")] == ["Half"]
    assert (jobs.workspace.run_folder(job.id) / "result.json").exists()


@pytest.mark.parametrize("kind", ["count", "compare"])
def test_a_killed_worker_is_lost_and_its_job_goes_on_from_its_files(jobs, kind):
    jobs.start()
    job = jobs.at_work(jobs.submit(kind, n=60), "5.txt")
    os.kill(job.pid, signal.SIGKILL)
    assert jobs.ended(job.id, 10).state == "lost"
    client.resume(jobs.workspace, job.id, "ann")
    again = jobs.ended(job.id)
    assert (again.state, again.attempts) == ("done", 2)
    written_by = [(jobs.workspace.run_folder(job.id) / f"{n}.txt").read_text() for n in range(60)]
    assert written_by[0] == str(job.pid)
    assert written_by[59] != str(job.pid)


@pytest.mark.slow
def test_a_killed_dispatcher_is_followed_by_one_that_takes_its_worker_over(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("stubborn"), "started")
    jobs.kill()
    jobs.start()
    time.sleep(1.5)
    assert jobs.get(job.id).state == "running"
    client.cancel(jobs.workspace, job.id, "ann")
    assert jobs.ended(job.id, 10).state == "cancelled"
    until(lambda: gone(job.pid))


def test_after_a_power_cut_jobs_are_lost_and_can_be_resumed(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("count", n=40), "3.txt")
    jobs.kill()
    os.kill(job.pid, signal.SIGKILL)
    jobs.start()
    assert jobs.ended(job.id, 10).state == "lost"
    client.resume(jobs.workspace, job.id, "ann")
    assert jobs.ended(job.id).state == "done"


def test_an_ordinary_stop_leaves_no_process_and_a_job_to_resume(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("count", n=1000), "0.txt")
    family = psutil.Process(jobs.process.pid).children(recursive=True)
    jobs.stop()
    assert all(gone(process.pid) for process in family)
    assert jobs.get(job.id).state == "lost"


def test_a_deleted_home_leaves_no_process(jobs):
    jobs.start()
    job = jobs.at_work(jobs.submit("count", n=10_000), "0.txt")
    family = psutil.Process(jobs.process.pid).children(recursive=True)
    until(lambda: shutil.rmtree(jobs.workspace.home, ignore_errors=True) or not jobs.workspace.home.exists())
    assert jobs.process.wait(timeout=20) == 0
    assert all(gone(process.pid) for process in family)
    assert gone(job.pid)


def test_one_workspace_has_one_dispatcher(jobs, workspace):
    jobs.start()
    jobs.ended(jobs.submit("quick"))
    second = Jobs(workspace)
    second.start()
    assert second.process.wait(timeout=10) == 0
    assert jobs.process.poll() is None


def test_setting_the_clock_loses_no_live_process(monkeypatch):
    started = processes.start_of(os.getpid())
    for step in (-90_000, 3600, 10**9):
        monkeypatch.setattr(psutil._pslinux, "boot_time", lambda step=step: 1e9 + step)  # what a set clock changes
        assert processes.find(os.getpid(), started) is not None


def test_another_process_of_the_same_number_is_not_taken_for_it():
    started = processes.start_of(os.getpid())
    assert processes.find(os.getpid(), started + 1) is None
    assert processes.find(os.getpid(), started + processes.MOST_TICKS) is None  # after the machine was started anew
