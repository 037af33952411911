"""How much work may run, wait and grow: one place for every bound of the job system."""

from __future__ import annotations

import math
import os
from pathlib import Path

import psutil

QUEUED_PER_OWNER = 12
QUEUED_PER_ADDRESS = 36  # browsers are free to make, addresses are not
QUEUED_IN_ALL = 200
KEPT_FOR_OTHERS = 50  # of those, for people who have nothing waiting or at work
TERM_AFTER_SECONDS = 3.0  # from the wish to cancel to SIGTERM
KILL_AFTER_SECONDS = 1.5  # from SIGTERM to SIGKILL: a cancelled job is gone within five seconds
KEEP_DAYS = 7  # logs and uploads
NICENESS = 15
RESIDENT_NICENESS = 5  # somebody waits for its answers
RESIDENT_AT_ONCE = 2  # questions it works on at the same time
RESIDENT_KEPT = 3  # models it holds
STANDBY_AFTER_SECONDS = 20.0  # a standby does not warm up in the first seconds of somebody's job
STANDBY_MEMORY_BYTES = 1_500_000_000  # no heavy standby when less than this is free
MEMORY_SHARE = {"heavy": 0.7, "light": 0.5}  # of the machine's memory, for one job
UPLOAD_GRACE_SECONDS = 60.0  # what a file may take, however small it is,
UPLOAD_BYTES_PER_SECOND = 20_000  # and how fast it must come after that, on the whole


def slot_threads(slot: str) -> int:
    """Threads for one job: the heavy slot may use every core, the light one a single thread."""
    if slot == "light":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def resident_idle_seconds() -> float:
    """How long the resident worker stays without a question (``AMALGAM_RESIDENT_IDLE_MINUTES``)."""
    return 60 * float(os.environ.get("AMALGAM_RESIDENT_IDLE_MINUTES", "10"))


def machine_bytes() -> int:
    """Memory of this machine, or of the container if that is less."""
    total = int(psutil.virtual_memory().total)
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text().strip()).isdigit():
        return min(total, int(text))
    return total


def job_bytes(slot: str = "heavy") -> int:
    """Memory one job may take, in proportional bytes (``AMALGAM_JOB_MEMORY_MB``)."""
    if chosen := os.environ.get("AMALGAM_JOB_MEMORY_MB"):
        return int(float(chosen) * 1e6)
    return int(machine_bytes() * MEMORY_SHARE[slot])


def job_seconds(minutes: float | None) -> float:
    """Time a kind of job may take that has `minutes`; of such kinds ``AMALGAM_QUICK_JOB_MINUTES`` says it for all."""
    if minutes is None:
        return math.inf
    return 60 * float(os.environ.get("AMALGAM_QUICK_JOB_MINUTES", minutes))


def uploads_at_once() -> int:
    """How many files may be on their way at the same time (``AMALGAM_UPLOADS_AT_ONCE``)."""
    return int(os.environ.get("AMALGAM_UPLOADS_AT_ONCE", "4"))


def uploads_per_owner() -> int:
    """How many of them may be one owner's: half, so that nobody takes all."""
    return max(1, uploads_at_once() // 2)


def upload_silence_seconds() -> float:
    """How long a sender may say nothing before its place is given to the next (``AMALGAM_UPLOAD_SILENCE_SECONDS``)."""
    return float(os.environ.get("AMALGAM_UPLOAD_SILENCE_SECONDS", "30"))
