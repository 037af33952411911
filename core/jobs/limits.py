"""How much work may run, wait and grow: one place for every bound of the job system."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

QUEUED_PER_OWNER = 12
QUEUED_IN_ALL = 200
TERM_AFTER_SECONDS = 3.0  # from the wish to cancel to SIGTERM
KILL_AFTER_SECONDS = 1.5  # from SIGTERM to SIGKILL: a cancelled job is gone within five seconds
KEEP_DAYS = 7  # logs and uploads
NICENESS = 15
RESIDENT_NICENESS = 5  # somebody waits for its answers
RESIDENT_AT_ONCE = 2  # questions it works on at the same time
RESIDENT_KEPT = 3  # models it holds
STANDBY_AFTER_SECONDS = 20.0  # a standby does not warm up in the first seconds of somebody's job
STANDBY_MEMORY_BYTES = 1_500_000_000  # no heavy standby when less than this is free
MEMORY_SHARE = 0.7


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


def job_bytes() -> int:
    """Memory one job may take, in proportional bytes (``AMALGAM_JOB_MEMORY_MB``)."""
    if chosen := os.environ.get("AMALGAM_JOB_MEMORY_MB"):
        return int(float(chosen) * 1e6)
    return int(machine_bytes() * MEMORY_SHARE)


def uploads_at_once() -> int:
    """How many files may be on their way at the same time (``AMALGAM_UPLOADS_AT_ONCE``)."""
    return int(os.environ.get("AMALGAM_UPLOADS_AT_ONCE", "4"))
