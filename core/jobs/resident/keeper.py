"""The dispatcher's side of the resident worker: started when somebody wants it, limited in memory, ended."""

from __future__ import annotations

import signal
import subprocess

import psutil
import structlog

from core.jobs import limits, processes
from core.jobs.resident.protocol import address_file, wanted_file
from core.workspace import Workspace

log = structlog.get_logger("dispatcher")


class Keeper:
    """At most one resident worker, our child; it leaves by itself when our end of its input closes.

    Parameters
    ----------
    ops : str
        Import path of another table of what can be asked; empty: the catalogue's.
    """

    def __init__(self, workspace: Workspace, ops: str = "") -> None:
        self.workspace, self.ops = workspace, ops
        self.child: subprocess.Popen[str] | None = None
        wanted_file(workspace).unlink(missing_ok=True)  # whoever wanted it has given up

    def tick(self) -> None:
        """Start it if it is wanted and is not there."""
        if not wanted_file(self.workspace).exists():
            return
        wanted_file(self.workspace).unlink(missing_ok=True)
        if self.child is None or self.child.poll() is not None:
            self.child = self.start()
            log.info("resident started", pid=self.child.pid)

    def start(self) -> subprocess.Popen[str]:
        """A new one, in a session of its own."""
        address_file(self.workspace).unlink(missing_ok=True)
        home = self.workspace.home
        arguments = ["--home", str(home), "--ops", self.ops]
        return processes.start_module("core.jobs.resident.server", arguments, home / "logs" / "resident.log")

    def enforce(self) -> None:
        """End it when it has grown too large; the next question starts a new one."""
        if self.child is None or self.child.poll() is not None:
            return
        used = processes.group_bytes(psutil.Process(self.child.pid))
        if used > limits.job_bytes():
            log.warning("resident out of memory", used_bytes=used)
            processes.signal_group(self.child.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        if self.child is not None:
            if self.child.poll() is None:
                processes.signal_group(self.child.pid, signal.SIGKILL)
            self.child.wait(timeout=10)
        address_file(self.workspace).unlink(missing_ok=True)
