"""Operating-system processes by pid and start time, and groups of them: alive, how much memory, ended for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
START_TOLERANCE_SECONDS = 2.0  # start times are derived from the clock, which may be set


def start_module(
    module: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """``python -m module`` as our child in a session of its own; its words go to a log.

    environment : variables it has besides ours, or with other values
    """
    with log.open("a") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )


def find(pid: int | None, started: float | None) -> psutil.Process | None:
    """The process with this pid, if it is the one that started then and still lives."""
    if pid is None or started is None:
        return None
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) <= START_TOLERANCE_SECONDS
        return process if same and alive(process) else None
    except psutil.NoSuchProcess:
        return None


def started(pid: int) -> float:
    """When a process started, seconds since 1970."""
    return float(psutil.Process(pid).create_time())


def alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that only waits to be collected by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def group_bytes(process: psutil.Process) -> int:
    """Memory of a process and its descendants, shared pages counted in proportion."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in family:
        try:
            total += member.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has ended meanwhile
    return total


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a worker's whole group; the group carries its leader's pid."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return  # nobody is left in it


def end_groups(members: list[psutil.Process], patience_seconds: float) -> None:
    """SIGTERM to each group, SIGKILL to what is left after a while."""
    for process in members:
        signal_group(process.pid, signal.SIGTERM)
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until and any(alive(process) for process in members):
        time.sleep(0.05)
    for process in members:
        signal_group(process.pid, signal.SIGKILL)
