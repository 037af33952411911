"""Counts that only grow, kept in the database so that no process's end loses them. No name, id or text is in them."""

from __future__ import annotations

import json
import math
import sqlite3

from core.workspace import Workspace

WAITING_BOUNDS = (1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, math.inf)  # seconds
RUNNING_BOUNDS = (1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 28_800.0, math.inf)
Labels = dict[str, str]


def add(database: sqlite3.Connection, name: str, amount: float = 1.0, **labels: str) -> None:
    """Let a count grow, in a transaction that is open already."""
    database.execute(
        "INSERT INTO figures VALUES (?, ?, ?) ON CONFLICT (name, labels) DO UPDATE SET value = value + excluded.value",
        (name, json.dumps(labels, sort_keys=True), amount),
    )


def observe(database: sqlite3.Connection, name: str, seconds: float, bounds: tuple[float, ...], **labels: str) -> None:
    """Add a duration to a histogram: to the narrowest bucket it fits into, and to their sum."""
    seconds = max(0.0, seconds)  # a clock may be set back
    bound = next(bound for bound in bounds if seconds <= bound)
    add(database, f"{name}_bucket", 1.0, **labels, le=repr(bound))
    add(database, f"{name}_sum", seconds, **labels)


def read(workspace: Workspace) -> dict[str, list[tuple[Labels, float]]]:
    """All counts by name, each with its labels.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     workspace = Workspace(pathlib.Path(home))
    ...     with workspace.database() as database:
    ...         add(database, "ended", kind="read", state="done")
    ...         observe(database, "waiting", 3.2, WAITING_BOUNDS, kind="read")
    ...     found = read(workspace)
    >>> found["ended"], found["waiting_bucket"]
    ([({'kind': 'read', 'state': 'done'}, 1.0)], [({'kind': 'read', 'le': '5.0'}, 1.0)])
    """
    found: dict[str, list[tuple[Labels, float]]] = {}
    with workspace.reading() as database:
        for row in database.execute("SELECT name, labels, value FROM figures ORDER BY name, labels"):
            found.setdefault(row["name"], []).append((json.loads(row["labels"]), row["value"]))
    return found
