"""How much work may run, wait and grow: one place for every bound of the job system."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path

import psutil

from core.allowed.addresses import for_one_machine
from core.messages import UnusableData, _, _n
from core.workspace import Workspace

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
UPLOADS_WAITING = 40  # files of one person that were sent and not read yet
UPLOADS_WAITING_PER_ADDRESS = 120
PERSON_GB = 20.0  # of disk, where others than the people of this machine reach the server
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


def tabs_per_address() -> int:
    """How many tabs from one address may be open at the same time (``AMALGAM_TABS_PER_ADDRESS``)."""
    return int(os.environ.get("AMALGAM_TABS_PER_ADDRESS", "200"))


def person_bytes() -> float:
    """Disk one person's tables, runs and uploads may take (``AMALGAM_PERSON_GB``); no bound on one's own machine."""
    if chosen := os.environ.get("AMALGAM_PERSON_GB"):
        return float(chosen) * 1e9
    return math.inf if for_one_machine() else PERSON_GB * 1e9


def kept_free_bytes() -> int:
    """Disk that nobody's new work may take (``AMALGAM_KEEP_FREE_MB``): what runs already goes on into it."""
    return int(float(os.environ.get("AMALGAM_KEEP_FREE_MB", "200")) * 1e6)


def check_space(workspace: Workspace, owner: str, coming_bytes: int = 0) -> None:
    """Refuse what the disk, or a person's share of it, has no room for.

    Raises
    ------
    UnusableData
    """
    if shutil.disk_usage(workspace.home).free - coming_bytes < kept_free_bytes():
        raise UnusableData(
            _("The disk of this server is nearly full."),
            _("Delete tables or runs you no longer need, or clear the cache, on the Data page; then try again."),
        )
    allowed = person_bytes()
    if math.isfinite(allowed) and workspace.used_bytes(owner) + coming_bytes > allowed:
        raise UnusableData(
            _("Your tables, runs and uploads would take more than {limit} GB, the most one person may use here."),
            _("Delete tables or runs you no longer need on the Data page; then try again."),
            limit=f"{allowed / 1e9:g}",
        )


def check_waiting_uploads(workspace: Workspace, owner: str, address: str) -> None:
    """Refuse another file from somebody, or from somewhere, that has many waiting unread.

    Raises
    ------
    UnusableData
    """
    query = """
    SELECT COUNT(*) FILTER (WHERE owner = ?), COUNT(*) FILTER (WHERE address = ? AND address <> '') FROM uploads"""
    with workspace.reading() as database:
        own, near = database.execute(query, (owner, address)).fetchone()
    if own >= UPLOADS_WAITING:
        raise UnusableData(
            _n("{n} file that you sent waits to be read.", "{n} files that you sent wait to be read."),
            _("Read them, or delete everything of yours on the Data page. What is not read is gone after {days} days."),
            n=own,
            days=KEEP_DAYS,
        )
    if near >= UPLOADS_WAITING_PER_ADDRESS:
        raise UnusableData(
            _n("{n} file from your address waits to be read.", "{n} files from your address wait to be read."),
            _("What is not read is gone after {days} days."),
            n=near,
            days=KEEP_DAYS,
        )
