"""The audit log: who did what, when and from where, as one line of JSON for each act in ``logs/audit.jsonl``.

An act goes on even if it can't be written down. Lines are only ever added; ids stand in them, never names or cells.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import structlog

from core.messages import clip

FILE_BYTES = 10_000_000
MOST_FILES = 5  # the one that is written, and those before it: audit.jsonl.1 is the newest of them
LONGEST = 200  # characters of what came from outside
ACT_OF_KIND = {"read": "read", "compare": "train", "lm-train": "train", "predict": "score"}  # others by their own name

log = logging.getLogger("audit")


def log_file(home: Path) -> Path:
    """Where the lines are.

    Examples
    --------
    >>> log_file(Path("home")).name
    'audit.jsonl'
    """
    return home / "logs" / "audit.jsonl"


def record(
    home: Path, act: str, owner: str = "", about: str = "", *, address: str = "", job: str = "", request: str = ""
) -> bool:
    """Write down an act.  →  whether it was written

    Parameters
    ----------
    act : str
        ``read``, ``train``, ``score``, ``download``, ``upload``, ``delete``, ``share``, ``take-back``, ``open-shared``,
        ``sent-out``, or the name of another kind of job.
    owner : str
        Who did it; not said where a job did it, whose owner stands in the line that tells of its start.
    about : str
        Id of the table, run, job or upload; the model that was asked for on a network.
    job, request : str
        Ids that the other logs have, too; default: those of the job that this process does, or of the request.

    Examples
    --------
    >>> record(workspace.home, "download", owner, run, address="192.0.2.7")  # doctest: +SKIP
    True
    """
    known = structlog.contextvars.get_contextvars()
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "owner": owner,
        "act": act,
        "about": clip(about, LONGEST),
        "address": clip(address, LONGEST),
        "job": job or str(known.get("job", "")),
        "request": request or str(known.get("request", "")),
    }
    try:
        _append(log_file(home), (json.dumps(line, ensure_ascii=True) + "\n").encode())
    except OSError as failure:
        log.warning("“%s” could not be written down: %r", act, failure)
        return False
    return True


def _append(path: Path, line: bytes) -> None:
    """Add a line in one write: several processes do, and none waits for another."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":  # a full disk has cut the line before
            line = b"\n" + line
        if os.write(handle, line) < len(line):
            raise OSError("only a part of the line was written")
    finally:
        os.close(handle)
    if size + len(line) > FILE_BYTES:
        _turn(path)


def _turn(path: Path) -> None:
    """Begin a new file; the oldest goes. One process does it, the others write on meanwhile; if it fails, all do."""
    with contextlib.suppress(OSError), path.with_name("audit.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_size <= FILE_BYTES:  # another one just did
            return
        files = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, MOST_FILES))]
        for newer, older in reversed(list(pairwise(files))):
            if newer.exists():
                newer.replace(older)
