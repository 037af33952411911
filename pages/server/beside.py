"""The dispatcher beside a server: started, started again should it die, and ended when the server stops in order."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from core.allowed import login, models
from core.jobs import processes, table
from core.jobs.dispatcher import allowed_by
from core.jobs.processes import lock_file, read_pid
from core.workspace import Workspace

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 1.0
SOON_SECONDS = 10.0  # a dispatcher that lived no longer than that has not got to work
MOST_PATIENCE_SECONDS = 30.0  # between two starts of one that dies again and again
STOP_SECONDS = 6.0


class Beside:
    """A home's dispatcher, as its server sees it.

    Parameters
    ----------
    workspace : Workspace
    kinds : str
        Handed to the dispatcher; see `core.jobs.slots`.
    """

    def __init__(self, workspace: Workspace, kinds: str = "") -> None:
        self.workspace, self.kinds = workspace, kinds
        self.child: subprocess.Popen[bytes] | None = None
        self.begun = self.not_before = -math.inf  # when the last one began, and when the next one may
        self.patience = LOOK_SECONDS

    def keep(self) -> None:
        """Have one: the one that is there, even from a server that was killed, or a new one."""
        if self.child is not None and self.child.poll() is None:
            if time.monotonic() - self.begun > SOON_SECONDS:
                self.patience = LOOK_SECONDS
            return
        if time.monotonic() < self.not_before or self.living() is not None:
            return
        self.begun = time.monotonic()
        self.not_before = self.begun + self.patience
        self.patience = min(MOST_PATIENCE_SECONDS, 2 * self.patience)
        with (self.workspace.home / "logs" / "dispatcher.log").open("ab") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "core.jobs.dispatcher", "--home", str(self.workspace.home)]
                + (["--kinds", self.kinds] if self.kinds else []),
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if name != login.SECRET},  # no work needs it
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def living(self) -> psutil.Process | None:
        """The one that lives, if one does."""
        return processes.find(*read_pid(lock_file(self.workspace.home)))

    def end_the_otherwise_allowed(self) -> None:
        """One that a killed server left, with other settings, would let workers load what we don't allow."""
        if allowed_by(lock_file(self.workspace.home)) != models.summary():
            end(self.living())

    def stop(self) -> None:
        """End it and with it all work, also what a dispatcher leaves that was too busy to end in time."""
        end(self.living())
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(timeout=STOP_SECONDS)
        for job in table.running(self.workspace):
            if (worker := processes.find(job.pid, job.pid_started)) is not None:
                processes.signal_group(worker.pid, signal.SIGKILL)


def end(process: psutil.Process | None) -> None:
    """SIGTERM, and SIGKILL to what is still there after a while."""
    if process is None:
        return
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return  # it went by itself
