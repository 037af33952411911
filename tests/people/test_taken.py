"""Space is counted now and then, not with every look, and again when somebody asks."""

from __future__ import annotations

from core.people import taken
from core.people.taken import KEPT_SECONDS, forget
from core.workspace import now
from tests.people.test_overview import run_of, table_of


def test_what_everybody_and_everything_takes(workspace):
    run_of(workspace, "ann", table_of(workspace, "ann"))
    found = taken.taken(workspace)
    assert (found.by_place["datasets"], found.by_place["runs"], found.by_owner["ann"]) == (1000, 500, 1500)
    assert abs(found.counted - now()) < 60


def test_space_is_counted_by_kind(workspace):
    table_of(workspace, "ann", n_bytes=1234)
    (workspace.cache_folder / "x").write_bytes(b"0" * 77)
    by_place = taken.taken(workspace).by_place
    assert (by_place["datasets"], by_place["cache"], by_place["runs"]) == (1234, 77, 0)


def test_it_is_counted_once_a_minute_and_when_it_was_forgotten(workspace, monkeypatch):
    first = taken.taken(workspace)
    table_of(workspace, "ann")
    assert taken.taken(workspace) is first
    forget(workspace)
    second = taken.taken(workspace)
    assert second.by_owner["ann"] == 1000
    monkeypatch.setattr(taken, "now", lambda: second.counted + KEPT_SECONDS + 1)
    assert taken.taken(workspace) is not second


def test_a_clock_that_was_set_back_does_not_keep_a_count_for_ever(workspace, monkeypatch):
    first = taken.taken(workspace)
    monkeypatch.setattr(taken, "now", lambda: first.counted - 10_000)
    assert taken.taken(workspace) is not first
