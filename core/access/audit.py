"""The audit log: who did what, when and from where, as one line of JSON for each act in ``logs/audit.jsonl``.

An act goes on even if it can't be written down. Lines are only ever added; ids stand in them, never names or cells.
`read` gives them back, the oldest first.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import IO

import structlog

from core.catalog import JOB_KINDS
from core.messages import clip

FILE_BYTES = 10_000_000
LOCK = "audit.lock"
MOST_FILES = 5  # the one that is written, and those before it: audit.jsonl.1 is the newest of them
LONGEST = 200  # characters of what came from outside
ACT_OF_KIND = {"read": "read", "compare": "train", "lm-train": "train", "predict": "score"}  # others by their own name
ACTS = frozenset(
    {"upload", "download", "delete", "share", "take-back", "open-shared", "sent-out"}
    | {ACT_OF_KIND.get(kind, kind) for kind in JOB_KINDS}
)

log = logging.getLogger("audit")


@dataclass(frozen=True)
class Act:
    """One line."""

    time: str  # UTC, as ISO 8601 has it
    owner: str
    act: str
    about: str
    address: str
    job: str
    request: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.time)


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
        Who did it; default: the owner of the job that this process does, or of the request.
    about : str
        Id of the table, run, job or upload; the model that was asked for on a network.
    job, request : str
        Ids that the other logs have, too; default as for `owner`.

    Examples
    --------
    >>> record(workspace.home, "download", owner, run, address="192.0.2.7")  # doctest: +SKIP
    True
    """
    known = structlog.contextvars.get_contextvars()
    line = Act(
        time=datetime.now(UTC).isoformat(timespec="milliseconds"),
        owner=owner or str(known.get("owner", "")),
        act=act,
        about=clip(about, LONGEST),
        address=clip(address, LONGEST),
        job=job or str(known.get("job", "")),
        request=request or str(known.get("request", "")),
    )
    try:
        _append(log_file(home), (json.dumps(asdict(line), ensure_ascii=True) + "\n").encode())
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


def read(home: Path) -> Iterator[Act | None]:
    """What was done, the oldest first; None for each line that can't be read, as a full disk leaves one.

    Raises
    ------
    OSError
        A file is there and may not be read.

    Examples
    --------
    >>> [act.act for act in read(workspace.home) if act]  # doctest: +SKIP
    ['upload', 'read', 'train']
    """
    path = log_file(home)
    with contextlib.ExitStack() as opened:
        files = []
        with contextlib.suppress(FileNotFoundError), path.with_name(LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)  # so that none is renamed before all are open
            files = _opened(opened, path)
        for file in files or _opened(opened, path):
            yield from (_parsed(line) for line in file if line.strip())


def _opened(stack: contextlib.ExitStack, path: Path) -> list[IO[bytes]]:
    names = [*(path.with_name(f"{path.name}.{number}") for number in reversed(range(1, MOST_FILES))), path]
    return [stack.enter_context(name.open("rb")) for name in names if name.exists()]


def _parsed(line: bytes) -> Act | None:
    try:
        told = json.loads(line)
        act = Act(**{name: str(told[name]) for name in Act.__dataclass_fields__})
        return act if act.moment.tzinfo else None
    except (ValueError, TypeError, KeyError):
        return None


def _turn(path: Path) -> None:
    """Begin a new file; the oldest goes. One process does it, the others write on meanwhile; if it fails, all do."""
    with contextlib.suppress(OSError), path.with_name(LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_size <= FILE_BYTES:  # another one just did
            return
        files = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, MOST_FILES))]
        for newer, older in reversed(list(pairwise(files))):
            if newer.exists():
                newer.replace(older)
