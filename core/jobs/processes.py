"""Operating-system processes by pid and start time, and groups of them: alive, how much memory, ended for good."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
START_TOLERANCE_SECONDS = 0.0 if sys.platform == "linux" else 2.0  # elsewhere it is derived from the clock
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
MOST_TICKS = 2**32  # the clock's ticks of 16 months


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


def lock_file(home: Path) -> Path:
    """Held while a home's dispatcher lives; says who it is."""
    return home / "run" / "dispatcher.lock"


def server_file(home: Path) -> Path:
    """Held while a home's server lives; says who it is."""
    return home / "run" / "server.json"


def read_pid(path: Path) -> tuple[int | None, float | None]:
    """Pid and start time from such a file; nothing if it is not there or half-written."""
    try:
        stored = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None, None
    return stored["pid"], stored["started"]


def find(pid: int | None, started: float | None) -> psutil.Process | None:
    """The process with this pid, if it is the one that started then and still lives."""
    if pid is None or started is None:
        return None
    try:
        process = psutil.Process(pid)
        same = abs(start_of(pid) - started) <= START_TOLERANCE_SECONDS
        return process if same and alive(process) else None
    except psutil.NoSuchProcess:
        return None


def start_of(pid: int) -> float:
    """When a process started, as a number that no other process of this pid has.

    On Linux the ticks from the machine's start, and which start that was: setting the clock doesn't change it.
    Elsewhere seconds since 1970.

    Raises
    ------
    psutil.NoSuchProcess
    """
    if sys.platform != "linux":
        return float(psutil.Process(pid).create_time())
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(pid) from None
    boot = int(BOOT_ID.read_text()[:5], 16) if BOOT_ID.exists() else 0  # 20 bits: a float holds both exactly
    return float(boot * MOST_TICKS + int(fields[19]) % MOST_TICKS)


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
