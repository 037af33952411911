"""A real server under attack, and whether it is still well: it answers, and its log holds no traceback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from core.workspace import Workspace
from scripts.fuzz.hunt import LONGEST_SECONDS, Fault
from tests.server.conftest import Server

SIGN = "Traceback (most recent call last)"
LOG_SECONDS = 0.05  # for what was caused to be written down


class Attacked:
    """A server and how much of its log has been looked at."""

    def __init__(self, folder: Path) -> None:
        self.log, self.seen = folder / "server.log", 0
        self.server = Server(Workspace(folder / "home"))

    def check(self) -> None:
        """Raise `Fault` unless the server is well."""
        try:
            well = requests.get(self.server.address + "/_stcore/health", timeout=LONGEST_SECONDS).ok
        except requests.RequestException as failure:
            raise Fault(f"no health: {type(failure).__name__}") from failure
        if not well:
            raise Fault("health says no")
        time.sleep(LOG_SECONDS)
        said = self.log.read_bytes()[self.seen :].decode(errors="replace")
        self.seen += len(said.encode())
        if SIGN in said:
            trace = said[said.index(SIGN) :]
            last = next((line for line in trace.splitlines()[1:] if line and not line.startswith(" ")), "")
            raise Fault(f"traceback in the log: {last[:60]}\n{trace[-6000:]}")


@contextmanager
def attacked(folder: Path) -> Iterator[Attacked]:
    """A server whose limits are low, so that they are met."""
    made = Attacked(folder)
    made.server.start(log=made.log, AMALGAM_UPLOAD_MB="1", AMALGAM_UPLOAD_SILENCE_SECONDS="2")
    made.seen = made.log.stat().st_size
    try:
        yield made
    finally:
        made.server.stop()
