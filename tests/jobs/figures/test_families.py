"""What the job system tells agrees with what real jobs did."""

from __future__ import annotations

import os
import signal

import pytest

from core.jobs import client
from core.jobs.figures.families import of_jobs, reason
from core.jobs.figures.openmetrics import text
from tests.jobs.conftest import jobs  # noqa: F401
from tests.jobs.figures.test_openmetrics import strictly_read

BUSY_SECONDS = 120.0


def told(workspace):
    """Family → {labels: value} without the form's own parts."""
    return {
        name: {(suffix, *labels): value for (suffix, labels), value in family["samples"].items()}
        for name, family in strictly_read(text(of_jobs(workspace))).items()
    }


def test_before_anything_was_done_all_families_are_there(workspace):
    found = told(workspace)
    assert list(found) == [
        "amalgam_jobs_active", "amalgam_jobs_submitted", "amalgam_jobs_ended", "amalgam_job_waiting_seconds",
        "amalgam_job_running_seconds", "amalgam_dispatcher_starts", "amalgam_worker_ends",
    ]  # fmt: skip
    assert set(found["amalgam_jobs_active"].values()) == {0}


@pytest.mark.slow
def test_real_jobs_are_counted(jobs):  # noqa: F811
    jobs.start(AMALGAM_JOB_MEMORY_MB="300")
    ended = [jobs.submit("quick"), jobs.submit("broken", owner="ben"), jobs.submit("greedy", owner="cy")]
    killed = jobs.submit("count", n=100_000, owner="dan")
    for one in ended:
        jobs.ended(one, BUSY_SECONDS)
    os.kill(jobs.at_work(killed, "0.txt").pid, signal.SIGKILL)
    jobs.ended(killed, BUSY_SECONDS)
    waits = jobs.submit("stubborn")
    client.cancel(jobs.workspace, jobs.at_work(waits, "started").id, "ann")
    jobs.ended(waits, BUSY_SECONDS)
    found = told(jobs.workspace)
    assert found["amalgam_worker_ends"] == {
        ("_total", ("reason", name)): 1 for name in ("done", "failed", "memory", "killed", "cancelled")
    }
    assert found["amalgam_jobs_submitted"]["_total", ("kind", "quick")] == 1
    assert found["amalgam_jobs_ended"]["_total", ("kind", "count"), ("state", "lost")] == 1
    assert found["amalgam_job_waiting_seconds"]["_count", ("kind", "greedy")] == 1
    assert found["amalgam_job_running_seconds"]["_sum", ("kind", "stubborn")] > 0
    assert found["amalgam_dispatcher_starts"] == {("_total",): 1}


def test_what_never_began_is_ended_but_no_workers(jobs):  # noqa: F811
    job = jobs.submit("quick")
    assert told(jobs.workspace)["amalgam_jobs_active"]["", ("kind", "quick"), ("state", "queued")] == 1
    client.cancel(jobs.workspace, job, "ann")
    found = told(jobs.workspace)
    assert found["amalgam_jobs_ended"] == {("_total", ("kind", "quick"), ("state", "cancelled")): 1}
    assert found["amalgam_worker_ends"] == {}


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [("done", "", "done"), ("failed", "out_of_time", "time"), ("failed", "bug", "failed"), ("lost", "", "killed")],
)
def test_reasons(state, code, word):
    assert reason(state, code) == word
