"""A real dispatcher with real workers, on tiny kinds of work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.jobs import client, table
from tests.jobs.kinds import KINDS, Params

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "core.jobs.dispatcher", "--kinds", "tests.jobs.kinds:KINDS"]


def until(condition, seconds=20.0):
    """Wait for a condition; its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.03)
    raise AssertionError("this did not happen in time")


class Jobs:
    """Submits to a workspace and runs its dispatcher."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.process = None

    def start(self, log=None, **variables):
        self.process = subprocess.Popen(
            [*COMMAND, "--home", str(self.workspace.home)],
            cwd=ROOT,
            env=os.environ | variables,
            stderr=log,
        )

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(timeout=10) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def submit(self, kind, n=3, owner="ann", name=""):
        return client.submit(self.workspace, kind=kind, owner=owner, params=Params(n=n, name=name), kinds=KINDS)

    def get(self, job):
        return table.one(self.workspace, job)

    def at_work(self, job, file):
        """Wait until the job has written a file.  →  the job"""
        until(lambda: file in {path.name for path in client.folder(self.workspace, job).glob("*")})
        return self.get(job)

    def ended(self, job, seconds=20.0):
        return until(lambda: (found := self.get(job)) and not found.active and found, seconds)


@pytest.fixture
def jobs(workspace):
    made = Jobs(workspace)
    yield made
    made.stop()
