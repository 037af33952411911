"""Progress on its way to the table: often from the work's side, seldom on the disk's, with a smoothed estimate."""

from __future__ import annotations

import threading
import time

from core.jobs import table
from core.jobs.table import Job, Progress
from core.messages import Message
from core.workspace import Workspace, now

WRITE_SECONDS = 0.3  # at most so often, except when the stage changes
BEAT_SECONDS = 1.0
LOOK_SECONDS = 0.25  # how often the wish to cancel is looked up
SMOOTHING = 0.3  # weight of the newest estimate


class Estimate:
    """Seconds left, from the share done since this attempt began."""

    def __init__(self) -> None:
        self.first: tuple[float, float] | None = None  # (time, share)
        self.remaining: float | None = None
        self.updated = 0.0

    def update(self, share: float | None, at: float) -> float | None:
        """The estimate after a report of `share` at time `at`."""
        if share is None:
            return self.remaining
        if self.first is None or share < self.first[1]:
            self.first, self.remaining = (at, share), None
            return None
        gained, elapsed = share - self.first[1], at - self.first[0]
        if gained < 0.01 or elapsed < 1:
            return None
        newest = elapsed * max(0.0, 1 - share) / gained
        if self.remaining is None:
            self.remaining = newest
        else:
            self.remaining = (1 - SMOOTHING) * max(0.0, self.remaining - (at - self.updated)) + SMOOTHING * newest
        self.updated = at
        return self.remaining


class Reporter:
    """What a worker gives its context: takes reports, knows whether to stop, keeps the heartbeat going."""

    def __init__(self, workspace: Workspace, job: Job) -> None:
        self.workspace, self.job = workspace, job
        self.latest = Progress(updated=now())
        self.estimate = Estimate()
        self.expected: float | None = None  # seconds left, as the work itself says
        self.lock = threading.Lock()
        self.unwritten = False
        self.written = 0.0
        self.looked = 0.0
        self.stopping = False
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self.thread.start()

    def expect(self, remaining_seconds: float) -> None:
        """Take the work's own word for how long it will still take, with the reports from now on."""
        self.expected = remaining_seconds

    def report(self, stage: Message, share: float | None, finding: Message | None) -> None:
        """Take a report; the last finding stays until there is a newer one."""
        share = None if share is None else min(1.0, max(0.0, share))
        with self.lock:
            moved_on = self.latest.stage is None or self.latest.stage.id != stage.id
            estimated = self.estimate.update(share, time.monotonic())
            remaining = estimated if self.expected is None else self.expected
            self.latest = Progress(stage, share, finding or self.latest.finding, now(), remaining)
            self.unwritten = True
        if moved_on or time.monotonic() - self.written > WRITE_SECONDS:
            self.write()

    def stop(self) -> bool:
        """Whether the user has cancelled; looked up a few times a second, however often it is asked."""
        if not self.stopping and time.monotonic() - self.looked > LOOK_SECONDS:
            self.looked = time.monotonic()
            self.stopping = table.wanted_cancelled(self.workspace, self.job.id)
        return self.stopping

    def write(self) -> None:
        """Put the latest report and a heartbeat into the table."""
        with self.lock:
            progress, self.unwritten = (self.latest if self.unwritten else None), False
            self.written = time.monotonic()
            self.stopping = table.beat(self.workspace, self.job.id, progress) or self.stopping

    def close(self) -> None:
        """Write what is left and let the heartbeat end."""
        self.ended.set()
        self.thread.join()
        self.write()

    def _beat(self) -> None:
        while not self.ended.wait(BEAT_SECONDS):
            self.write()
