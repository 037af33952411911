"""Work done in the test's own process as the worker would do it, and small trained workspaces made once."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
from pydantic import BaseModel
from threadpoolctl import threadpool_limits

from core import catalog
from core.data import jobs as data_jobs
from core.job_params import CompareParams, ReadParams
from core.jobs import client, table
from core.jobs.context import Context
from core.plan import Plan, Rule, Validation
from core.workspace import Workspace, new_id
from tests.fuse.tables import tickets

OWNER = "tester"
HOSTILE_CLASSES = ("<b>yes</b>", "**no** $x^2$")
HOSTILE_COLUMNS = ("<script>n</script>", "**kind**", "$note$", ":red[label]")
QUICK = Plan(
    target="priority",
    task="multiclass",
    candidates=["dummy", "columns", "text-tfidf"],
    validation=Validation(kind="holdout"),
)


def work(workspace: Workspace, kind: str, params: BaseModel, dataset: str = "", owner: str = OWNER) -> str:
    """Queue a job and do it here and now.  →  its id"""
    job_id = client.submit(workspace, kind=kind, owner=owner, params=params, dataset=dataset)
    carry_out(workspace, job_id)
    return job_id


def carry_out(workspace: Workspace, job_id: str) -> None:
    """Do a queued job here and now."""
    table.claim(workspace, job_id, os.getpid(), 0.0)
    job = table.one(workspace, job_id)
    assert job is not None
    folder = table.partial_folder(workspace, job_id)
    folder.mkdir(parents=True, exist_ok=True)
    context = Context(workspace=workspace, owner=job.owner, job=job_id, folder=folder, threads=1)
    run = catalog.load(catalog.JOB_KINDS[job.kind].run)
    with threadpool_limits(1):  # as the worker of a light job, and steady on a busy machine
        run(job.params, context)
    table.finish(workspace, job, "done")


def read(workspace: Workspace, folder: Path, **params) -> str:
    """Read a table.  →  the data set's id"""
    wanted = ReadParams(**{"dataset": new_id(), "name": "table"} | params)
    data_jobs.read(wanted.model_dump(), Context(workspace=workspace, owner=OWNER, job=new_id(), folder=folder))
    return wanted.dataset


def train(workspace: Workspace, dataset: str, plan: Plan, name: str) -> str:
    """Compare candidates.  →  the run's id"""
    return work(workspace, "compare", CompareParams(dataset=dataset, name=name, plan=plan), dataset)


def moods(place: Path, n_rows: int, candidates: list[str]) -> tuple[Workspace, str, str]:
    """Made-up tickets whose mood shows in one word, compared on a hold-out.  →  workspace, data set, run"""
    workspace = Workspace(place / "home")
    dataset = read(workspace, place, paste=tickets(n_rows)[0].to_csv(index=False), name="Tickets", target="mood")
    plan = Plan(target="mood", candidates=candidates, validation=Validation(kind="holdout"))
    return workspace, dataset, train(workspace, dataset, plan, "Moods")


def tickets_home(home: Path) -> Workspace:
    """120 support tickets with one comparison on a hold-out."""
    workspace = Workspace(home)
    lines = (Path(data_jobs.__file__).parents[2] / "assets" / "samples" / "support_tickets.csv").read_text("utf-8")
    dataset = read(workspace, home, paste="\n".join(lines.splitlines()[:121]), name="Tickets", target="priority")
    train(workspace, dataset, QUICK, "First try")
    return workspace


def advised_home(home: Path) -> Workspace:
    """The same tickets, every third without its priority, with a candidate that learns from weak labels."""
    workspace = Workspace(home)
    table = pd.read_csv(Path(data_jobs.__file__).parents[2] / "assets" / "samples" / "support_tickets.csv").head(120)
    table.loc[::3, "priority"] = None
    dataset = read(workspace, home, paste=table.to_csv(index=False), name="Tickets", target="priority")
    plan = QUICK.model_copy(
        update={
            "candidates": ["dummy", "assisted-weak"],
            "rules": [Rule(label="high", words=["urgent", "cannot"]), Rule(label="low", words=["<b>no such word</b>"])],
        }
    )
    train(workspace, dataset, plan, "With advice")
    return workspace


def hostile_home(home: Path) -> Workspace:
    """Names, classes and cells that try to be markup, with one comparison."""
    workspace = Workspace(home)
    number, kind, note, label = HOSTILE_COLUMNS
    rows = [
        {
            number: place * 7 % 50,
            kind: ["[a](http://b)", "# one"][place % 2],
            note: f"<i>call</i> **number** {place} about $trains$ and :smile: {['fine', 'late'][place % 3 > 0]}",
            label: HOSTILE_CLASSES[int(place % 3 == 0)],
        }
        for place in range(90)
    ]
    dataset = read(
        workspace, home, paste=pd.DataFrame(rows).to_csv(index=False), name="<u>odd</u> *table*", target=label
    )
    plan = Plan(target=label, candidates=["dummy", "text-tfidf"], validation=Validation(kind="holdout"))
    train(workspace, dataset, plan, "`odd` <u>run</u>")
    return workspace


def reviews_home(home: Path) -> Workspace:
    """150 reviews whose rating is a number, with one comparison."""
    workspace = Workspace(home)
    lines = (Path(data_jobs.__file__).parents[2] / "assets" / "samples" / "walking_reviews.csv").read_text("utf-8")
    dataset = read(workspace, home, paste="\n".join(lines.splitlines()[:151]), name="Reviews", target="rating")
    plan = Plan(target="rating", candidates=["dummy", "columns"], validation=Validation(kind="holdout"))
    train(workspace, dataset, plan, "Ratings")
    return workspace
