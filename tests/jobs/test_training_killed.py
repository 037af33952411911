"""A real training whose process is killed: the job says so, nothing is half-written, and it goes on to the same end."""

from __future__ import annotations

import os
import signal

import numpy as np
import pandas as pd
import pytest

from core import catalog
from core.compare.files import folds
from core.data import jobs as data_jobs
from core.data.schema import read_model
from core.job_params import CompareParams, ReadParams
from core.jobs import client, table
from core.jobs.context import Context
from core.plan import Plan, Validation
from core.results.comparison import Comparison, candidate_folder
from core.workspace import new_id
from tests.jobs.conftest import until
from tests.server.conftest import Server

PLAN = Plan(
    target="priority",
    candidates=["dummy", "columns+boosting", "text-tfidf"],
    validation=Validation(folds=5),
    bundles=False,
)


@pytest.fixture
def tickets(workspace, tmp_path) -> str:
    """The bundled support tickets, read."""
    wanted = ReadParams(dataset=new_id(), name="tickets", sample="tickets", target=PLAN.target)
    data_jobs.read(wanted.model_dump(), Context(workspace=workspace, owner="ann", job=new_id(), folder=tmp_path))
    return wanted.dataset


@pytest.fixture
def server(workspace):
    made = Server(workspace).start(AMALGAM_JOB_KINDS="")
    yield made
    made.stop()


def train(workspace, dataset: str) -> str:
    params = CompareParams(dataset=dataset, plan=PLAN)
    return client.submit(
        workspace, kind="compare", owner="ann", params=params, dataset=dataset, kinds=catalog.JOB_KINDS
    )


def finished_folds(workspace, job: str) -> list:
    return sorted(client.folder(workspace, job).glob("candidates/*/folds/*.json"))


def ended(workspace, job: str, state: str, seconds: float) -> None:
    until(lambda: table.one(workspace, job).state == state, seconds)


def whole(workspace, job: str) -> None:
    """Whatever is there can be read back."""
    folder = client.folder(workspace, job)
    assert read_model(Comparison, folder / "result.json") is not None
    for path in folder.glob("candidates/*/folds/*.json"):
        assert folds.load(path.with_suffix(".npz")) is not None
    for path in folder.glob("candidates/*/predictions.parquet"):
        assert len(pd.read_parquet(path))


@pytest.mark.slow
def test_a_killed_training_goes_on_and_ends_as_if_nothing_had_been(server, workspace, tickets):
    undisturbed = train(workspace, tickets)
    ended(workspace, undisturbed, "done", 120)
    job = train(workspace, tickets)
    until(lambda: len(finished_folds(workspace, job)) >= 7, 120)
    os.kill(table.one(workspace, job).pid, signal.SIGKILL)
    ended(workspace, job, "lost", 10)
    whole(workspace, job)
    before = {path: path.stat().st_mtime_ns for path in finished_folds(workspace, job)}
    client.resume(workspace, job, "ann")
    ended(workspace, job, "done", 120)
    whole(workspace, job)
    final = workspace.run_folder(job)
    for path, changed in before.items():  # finished folds are not trained again
        assert (final / path.relative_to(path.parents[3])).stat().st_mtime_ns == changed
    ours, theirs = (read_model(Comparison, workspace.run_folder(one) / "result.json") for one in (job, undisturbed))
    for name in PLAN.candidates:
        assert ours.candidate(name).scores == theirs.candidate(name).scores
        mine, other = (
            pd.read_parquet(candidate_folder(workspace.run_folder(one), name) / "predictions.parquet")
            for one in (job, undisturbed)
        )
        assert np.array_equal(mine["prediction"], other["prediction"])


@pytest.mark.slow
def test_a_killed_server_is_right_within_ten_seconds_of_its_restart(server, workspace, tickets):
    job = train(workspace, tickets)
    until(lambda: len(finished_folds(workspace, job)) >= 6, 120)
    pid = table.one(workspace, job).pid
    server.process.kill()
    server.process.wait()
    after = Server(workspace).start(AMALGAM_JOB_KINDS="")
    try:
        until(lambda: table.one(workspace, job).state in {"running", "done"}, 10)
        if table.one(workspace, job).state == "running":
            assert table.one(workspace, job).pid == pid  # the training outlived the server and goes on
        ended(workspace, job, "done", 120)
        whole(workspace, job)
    finally:
        after.stop()
