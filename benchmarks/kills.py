"""Whatever is killed, whenever: is the state right, is every file whole, are the final scores the same?

``python -m benchmarks.kills --workers 200 --servers 50 --cancels 200 --copies 100``. A small comparison of the tickets
runs under a real dispatcher or server, which is hit at random moments (seeded):

- workers and servers get SIGKILL; the training is resumed and must end with the scores of an undisturbed one;
- jobs are cancelled; the process must be gone within five seconds;
- the whole home is copied while every process stands still, as a power cut leaves it, and Amalgam starts on the copy.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq

from benchmarks._machine import machine
from core.data import jobs as data_jobs
from core.data.schema import read_model
from core.job_params import CompareParams, ReadParams
from core.jobs import client, processes, table
from core.jobs.context import Context
from core.jobs.table import Job
from core.plan import Plan, Validation
from core.results.comparison import Comparison
from core.workspace import Workspace, new_id

ROOT = Path(__file__).parent.parent
PLAN = Plan(
    target="priority",
    candidates=["dummy", "columns+boosting", "text-tfidf"],
    validation=Validation(folds=5),
    bundles=False,
)
OWNER = "kills"
STATE_SECONDS, CANCEL_SECONDS, WAIT_SECONDS = 10.0, 5.0, 300.0


class Home:
    """A workspace with the tickets, and what runs on it."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder)
        wanted = ReadParams(dataset=new_id(), name="tickets", sample="tickets", target=PLAN.target)
        data_jobs.read(wanted.model_dump(), Context(workspace=self.workspace, owner=OWNER, job=new_id(), folder=folder))
        self.dataset = wanted.dataset

    def train(self) -> str:
        params = CompareParams(dataset=self.dataset, plan=PLAN)
        return client.submit(self.workspace, kind="compare", owner=OWNER, params=params, dataset=self.dataset)

    def job(self, job: str) -> Job:
        found = table.one(self.workspace, job)
        assert found is not None
        return found

    def scores(self, job: str) -> dict[str, Any]:
        result = read_model(Comparison, client.folder(self.workspace, job) / "result.json")
        lines = result.candidates if result else []
        return {line.name: {metric: one.model_dump() for metric, one in line.scores.items()} for line in lines}


def until(condition: Callable[[], Any], seconds: float = WAIT_SECONDS) -> float:
    """Wait for a condition.  →  seconds it took; infinite if it did not come"""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    return float("inf")


@contextmanager
def dispatcher(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A dispatcher by itself."""
    command = [sys.executable, "-m", "core.jobs.dispatcher", "--home", str(home)]
    with (home / "logs" / "dispatcher.log").open("ab") as log:
        started = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield started
    finally:
        started.terminate()
        started.wait()


def server(home: Path) -> subprocess.Popen[bytes]:
    """A server that answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"AMALGAM_HOME": str(home), "AMALGAM_PORT": str(port)}
    with (home / "logs" / "server.log").open("ab") as log:
        started = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)

    def answers() -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).status == 200)
        except OSError:
            return False

    until(answers, 60)
    return started


def half_written(folder: Path) -> list[str]:
    """Files that can't be read as what their names say; unfinished ones say so by their names and don't count."""
    found = []
    for path in folder.rglob("*"):
        if ".partial" in path.name or not path.is_file():
            continue
        try:
            if path.suffix == ".json":
                json.loads(path.read_text())
            elif path.suffix == ".parquet":
                pq.read_metadata(path)
        except Exception:
            found.append(path.name)
    return found


def undisturbed(home: Home) -> tuple[dict[str, Any], float]:
    """The scores of a training that nobody hits, and its seconds."""
    job = home.train()
    until(lambda: home.job(job).state == "running")
    seconds = until(lambda: not home.job(job).active)
    return home.scores(job), seconds


def resumed(home: Home, job: str, expected: dict[str, Any]) -> bool:
    """Whether a job that was hit ends as if it had not been."""
    client.resume(home.workspace, job, OWNER)
    until(lambda: not home.job(job).active)
    return home.job(job).state == "done" and home.scores(job) == expected


def kill_workers(home: Home, n: int, chance: random.Random) -> dict[str, Any]:
    """SIGKILL to workers at random moments of a training."""
    waits, broken, same = [], 0, 0
    with dispatcher(home.workspace.home):
        expected, seconds = undisturbed(home)
        for _turn in range(n):
            job = home.train()
            until(lambda job=job: home.job(job).state == "running")  # type: ignore[misc]
            time.sleep(chance.uniform(0, seconds))
            pid = home.job(job).pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            waits.append(until(lambda job=job: not home.job(job).active, STATE_SECONDS))  # type: ignore[misc]
            broken += len(half_written(client.folder(home.workspace, job)))
            same += resumed(home, job, expected) if home.job(job).state != "done" else home.scores(job) == expected
            client.cancel(home.workspace, job, OWNER)
    return {"killed": n, "state_right": sum(w < STATE_SECONDS for w in waits), "slowest": round(max(waits), 2),
            "half_written": broken, "same_scores": same}  # fmt: skip


def kill_servers(home: Home, n: int, chance: random.Random) -> dict[str, Any]:
    """SIGKILL to the server, at every second time to its dispatcher and workers, too; then a new one."""
    waits, broken, same = [], 0, 0
    running = server(home.workspace.home)
    expected, seconds = undisturbed(home)
    for turn in range(n):
        job = home.train()
        until(lambda job=job: home.job(job).state == "running")  # type: ignore[misc]
        time.sleep(chance.uniform(0, seconds))
        family = psutil.Process(running.pid).children(recursive=True) if turn % 2 else []
        for process in [psutil.Process(running.pid), *family]:
            process.kill()
        running.wait()
        running = server(home.workspace.home)
        waits.append(until(lambda job=job: truthful(home.job(job)), STATE_SECONDS))  # type: ignore[misc]
        broken += len(half_written(client.folder(home.workspace, job)))
        until(lambda job=job: not home.job(job).active)  # type: ignore[misc]
        same += home.scores(job) == expected if home.job(job).state == "done" else resumed(home, job, expected)
    running.terminate()
    running.wait()
    return {"killed": n, "state_right": sum(w < STATE_SECONDS for w in waits), "slowest": round(max(waits), 2),
            "half_written": broken, "same_scores": same}  # fmt: skip


def truthful(job: Job) -> bool:
    """Whether a job that is said to run has a process, and one that is not has none."""
    return (job.state == "running") == (processes.find(job.pid, job.pid_started) is not None)


def cancel_jobs(home: Home, n: int, chance: random.Random) -> dict[str, Any]:
    """Cancelled at random moments: gone within five seconds."""
    waits = []
    with dispatcher(home.workspace.home):
        _expected, seconds = undisturbed(home)
        for _turn in range(n):
            job = home.train()
            until(lambda job=job: home.job(job).state == "running")  # type: ignore[misc]
            time.sleep(chance.uniform(0, seconds))
            found = home.job(job)
            client.cancel(home.workspace, job, OWNER)
            waits.append(
                until(
                    lambda job=job, found=found: (  # type: ignore[misc]
                        not home.job(job).active and processes.find(found.pid, found.pid_started) is None
                    ),
                    2 * CANCEL_SECONDS,
                )
            )
    return {"cancelled": n, "in_time": sum(w <= CANCEL_SECONDS for w in waits), "slowest": round(max(waits), 2)}


def copies(home: Home, n: int, chance: random.Random, folder: Path) -> dict[str, Any]:
    """The home as a power cut leaves it at a random moment; Amalgam starts on the copy."""
    broken = []
    with dispatcher(home.workspace.home) as running:
        _expected, seconds = undisturbed(home)
        for turn in range(n):
            job = home.train()
            until(lambda job=job: home.job(job).state == "running")  # type: ignore[misc]
            time.sleep(chance.uniform(0, seconds))
            family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
            copy = folder / f"copy-{turn}"
            for process in family:
                process.suspend()
            shutil.copytree(home.workspace.home, copy, symlinks=True, ignore=shutil.ignore_patterns("cache"))
            for process in family:
                with suppress(psutil.NoSuchProcess):  # it had ended, and the dispatcher, which goes on, buried it
                    process.resume()
            broken += started_on(copy, job)
            shutil.rmtree(copy)
            client.cancel(home.workspace, job, OWNER)
            until(lambda job=job: not home.job(job).active)  # type: ignore[misc]
    return {"copies": n, "broken": broken}


def started_on(copy: Path, job: str) -> list[str]:
    """What is wrong with a copy once a dispatcher has started on it."""
    workspace = Workspace(copy)
    for name in ("dispatcher.lock", "server.json"):
        (copy / "run" / name).unlink(missing_ok=True)  # their processes live here, but not after a power cut
    with workspace.database() as database:
        wrong = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        database.execute("UPDATE jobs SET pid = NULL, pid_started = NULL")
    with dispatcher(copy):
        found = Home.__new__(Home)
        found.workspace = workspace
        if until(lambda: found.job(job).state != "running", STATE_SECONDS) == float("inf"):
            wrong.append("the job is still said to run")
    wrong += half_written(copy / "runs") + half_written(copy / "datasets")
    listed = [run.id for run in workspace.runs(OWNER)]
    wrong += [f"run {one} has no result" for one in listed if not (workspace.run_folder(one) / "result.json").exists()]
    return wrong


def main() -> None:
    """Do what is asked for and print one JSON line each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("workers", 20), ("servers", 5), ("cancels", 20), ("copies", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print(json.dumps({"machine": machine()}), flush=True)
    with tempfile.TemporaryDirectory() as place:
        home, chance = Home(Path(place) / "home"), random.Random(chosen.seed)
        parts: dict[str, Callable[[int], dict[str, Any]]] = {
            "workers": lambda n: kill_workers(home, n, chance),
            "servers": lambda n: kill_servers(home, n, chance),
            "cancels": lambda n: cancel_jobs(home, n, chance),
            "copies": lambda n: copies(home, n, chance, Path(place)),
        }
        for name, part in parts.items():
            if n := getattr(chosen, name):
                began = time.monotonic()
                told = part(n)
                print(json.dumps({name: told, "seconds": round(time.monotonic() - began)}), flush=True)


if __name__ == "__main__":
    main()
