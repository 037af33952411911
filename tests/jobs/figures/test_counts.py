"""Counts grow, survive their process, and hold no more than their labels."""

from __future__ import annotations

import math

from core.jobs.figures.counts import WAITING_BOUNDS, add, observe, read
from core.workspace import Workspace


def test_counts_are_there_for_the_next_process(workspace):
    for _again in range(2):
        with workspace.database() as database:
            add(database, "ended", kind="read", state="done")
            add(database, "ended", 2.5, kind="read", state="lost")
    kept = read(Workspace(workspace.home))["ended"]
    assert kept == [({"kind": "read", "state": "done"}, 2.0), ({"kind": "read", "state": "lost"}, 5.0)]


def test_a_duration_falls_into_the_narrowest_bucket(workspace):
    with workspace.database() as database:
        for seconds in (-3.0, 1.0, 1.01, 1e9):
            observe(database, "waiting", seconds, WAITING_BOUNDS, kind="read")
    kept = read(workspace)
    assert {float(labels["le"]): n for labels, n in kept["waiting_bucket"]} == {1.0: 2, 5.0: 1, math.inf: 1}
    assert kept["waiting_sum"] == [({"kind": "read"}, 1e9 + 2.01)]


def test_nothing_is_counted_where_the_work_itself_was_not_done(workspace):
    try:
        with workspace.database() as database:
            add(database, "ended")
            raise RuntimeError
    except RuntimeError:
        pass
    assert read(workspace) == {}
