"""Many people at once: how long a page and a part of one take to come, what fails, what the web process keeps.

    python -m benchmarks.load [--sessions 50] [--seconds 60] [--crowd 100] [--openings 1000] [--jobs 500] [--training 2]

A real server; the sessions are websocket clients of this process (`benchmarks._sessions`), on the same cores. Ten
people have a table with results and share the sessions. Two of them train again and again while the first part is
measured; a session goes to another page every five seconds and meanwhile draws again what asks for it, as a browser
does. With ``--training 0`` nobody has trained anything.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks._kinds import QUICK
from benchmarks._machine import machine
from benchmarks._sessions import Seen, Session, tab
from core.data import jobs as data_jobs
from core.job_params import CompareParams, ReadParams
from core.jobs import client, limits
from core.jobs.context import Context
from core.plan import Plan, Validation
from core.workspace import Workspace, new_id
from tests.server.conftest import Server

TARGETS = {"page_p95_seconds": 0.6, "part_p95_seconds": 0.2, "errors": 0, "growth_mb": 50.0}
PEOPLE, TRAINING = 10, 2
PAGES = ("", "data", "compare", "results", "explain", "use", "ways", "lab", "tasks")  # home has no name in the address
THINK_SECONDS = 5.0
KINDS = "benchmarks._kinds:KINDS"
SETTLE_SECONDS = 150.0  # a closed session is kept for two minutes, should its browser come back
QUICKLY = Validation(kind="holdout")


class People:
    """People on a server, each with a table and what was trained on it."""

    def __init__(self, server: Server, n: int, trained: bool = True) -> None:
        self.server, self.workspace = server, server.workspace
        self.owners = [f"person-{number}" for number in range(n)]
        self.datasets = {owner: self._read(owner) for owner in self.owners}
        asked = self.owners if trained else []
        runs = [(owner, self.train(owner, ["dummy", "columns+boosting"])) for owner in asked]
        while any(self.active(owner) for owner in self.owners):
            time.sleep(0.2)
        self.failed = [run for owner, run in runs if self.workspace.run(run, owner) is None]

    def _read(self, owner: str) -> str:
        wanted = ReadParams(dataset=new_id(), name="tickets", sample="tickets", target="priority")
        with tempfile.TemporaryDirectory() as folder:
            context = Context(workspace=self.workspace, owner=owner, job=new_id(), folder=Path(folder))
            data_jobs.read(wanted.model_dump(), context)
        return wanted.dataset

    def train(self, owner: str, candidates: list[str]) -> str:
        plan = Plan(target="priority", candidates=candidates, validation=QUICKLY)
        params = CompareParams(dataset=self.datasets[owner], plan=plan)
        return client.submit(self.workspace, kind="compare", owner=owner, params=params, dataset=params.dataset)

    def active(self, owner: str, kind: str = "") -> bool:
        """Whether somebody's jobs, or those of a kind, wait or are at work."""
        return any(kind in {"", job.kind} for job in client.jobs(self.workspace, owner, active=True))

    async def keep_training(self, owner: str, until: float) -> None:
        while time.monotonic() < until:
            if not self.active(owner):
                self.train(owner, ["dummy", "columns+boosting", "text-tfidf"])
            await asyncio.sleep(0.5)


@contextmanager
def serving(folder: Path, people: int, trained: bool = True) -> Iterator[People]:
    """A server with people on it, whose log is in the folder; it goes with this process, even at SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    server = Server(Workspace(folder / "home"))
    server.start(log=folder / "server.log", AMALGAM_JOB_KINDS=KINDS)
    try:
        yield People(server, people, trained)
    finally:
        server.stop()


async def at_work(people: People, n: int, seconds: float, chance: random.Random, training: int) -> Seen:
    """Sessions that go from page to page, while some of the people train.  →  what they saw"""
    seen, until = Seen(), time.monotonic() + seconds

    async def wander(one: Session) -> None:
        while time.monotonic() < until:
            await one.visit(chance.choice(PAGES))
            await one.stay(THINK_SECONDS)

    async def person(number: int) -> None:
        await asyncio.sleep(chance.uniform(0, min(THINK_SECONDS, seconds / 2)))
        await tab(people.server, people.owners[number % len(people.owners)], seen, wander)

    await asyncio.gather(
        *map(person, range(n)),
        *(people.keep_training(owner, until) for owner in people.owners[:training]),
    )
    return seen


async def crowd(people: People, n: int) -> Seen:
    """Sessions that come at the same time, each of somebody else, and see every page."""
    seen = Seen()

    async def see_all(one: Session) -> None:
        for page in PAGES:
            await one.visit(page)

    owners = [*people.owners, *(f"stranger-{number}" for number in range(n))][:n]
    await asyncio.gather(*(tab(people.server, owner, seen, see_all) for owner in owners))
    return seen


async def come_and_go(people: People, openings: int, jobs: int, at_once: int = 4) -> Seen:
    """Sessions that see a page and are closed, while quick jobs are asked for and done."""
    seen, left = Seen(), iter(range(openings))

    async def visitors() -> None:
        for number in left:
            owner, page = people.owners[number % len(people.owners)], PAGES[number % len(PAGES)]
            await tab(people.server, owner, seen, methodcaller("visit", page))

    async def work() -> None:
        params = ReadParams(dataset="none", name="none")
        for number in range(jobs):
            owner = people.owners[number % len(people.owners)]
            while len(client.jobs(people.workspace, owner, active=True)) >= limits.QUEUED_PER_OWNER // 2:
                await asyncio.sleep(0.05)
            client.submit(people.workspace, kind=QUICK, owner=owner, params=params)
        while any(people.active(owner, QUICK) for owner in people.owners):  # a training may go on
            await asyncio.sleep(0.2)

    await asyncio.gather(*(visitors() for _turn in range(at_once)), work())
    with people.workspace.reading() as database:
        query = "SELECT count(*) FROM jobs WHERE kind = ? AND state != 'done'"
        if undone := database.execute(query, (QUICK,)).fetchone()[0]:
            seen.errors.append(f"{undone} jobs did not get done")
    return seen


def megabytes(people: People) -> float:
    """Memory of the web process alone."""
    return float(psutil.Process(people.server.process.pid).memory_info().rss) / 1e6


def p95(seconds: list[float]) -> float | None:
    return round(float(np.quantile(seconds, 0.95)), 3) if seconds else None


def tracebacks(log: Path) -> int:
    return log.read_text(errors="replace").count("Traceback (most recent call last)")


def measured(people: People, options: argparse.Namespace) -> dict[str, Any]:
    """The three parts in turn."""
    told: dict[str, Any] = {}
    errors = [f"training {run} failed" for run in people.failed]
    if options.sessions:
        seen = asyncio.run(
            at_work(people, options.sessions, options.seconds, random.Random(options.seed), options.training)
        )
        told |= {f"{drawn}_p95_seconds": p95(seconds) for drawn, seconds in seen.seconds.items()}
        told |= {f"{drawn}s": len(seconds) for drawn, seconds in seen.seconds.items()}
        errors += seen.errors
    if options.crowd:
        seen = asyncio.run(crowd(people, options.crowd))
        told |= {"crowd_errors": len(seen.errors), "crowd_page_p95_seconds": p95(seen.seconds["page"])}
        errors += seen.errors
    if options.openings:
        asyncio.run(come_and_go(people, min(100, options.openings), min(20, options.jobs)))  # what is loaded once
        time.sleep(options.settle)
        before = megabytes(people)
        seen = asyncio.run(come_and_go(people, options.openings, options.jobs))
        time.sleep(options.settle)
        told |= {"growth_mb": round(megabytes(people) - before, 1), "megabytes": round(megabytes(people), 1)}
        errors += seen.errors
    return told | {"errors": len(errors), "first_errors": errors[:10]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (
        ("sessions", 50),
        ("crowd", 100),
        ("openings", 1000),
        ("jobs", 500),
        ("people", PEOPLE),
        ("training", TRAINING),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--settle", type=float, default=SETTLE_SECONDS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with serving(Path(folder), options.people, options.training > 0) as people:
            results = measured(people, options)
        results["tracebacks"] = tracebacks(Path(folder, "server.log"))
        if results["tracebacks"]:
            results["log"] = Path(folder, "server.log").read_text(errors="replace")[-3000:]
    reached = {name: results[name] <= target for name, target in TARGETS.items() if results.get(name) is not None}
    print(json.dumps({"results": results, "targets": TARGETS, "reached": reached, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
