"""When somebody was here first and last."""

from __future__ import annotations

from core.people import overview, seen


def test_the_first_time_stays_and_the_last_one_moves(workspace, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(seen, "now", lambda: clock[0])
    seen.note(workspace, "ann", "Ann")
    clock[0] += 30  # too soon to be written
    seen.note(workspace, "ann", "Ann")
    assert [(one.first_seen, one.last_seen) for one in overview.people(workspace)] == [(1000.0, 1000.0)]
    clock[0] += 3600
    seen.note(workspace, "ann", "Ann B")
    (person,) = overview.people(workspace)
    assert (person.name, person.first_seen, person.last_seen) == ("Ann B", 1000.0, 4630.0)


def test_a_page_comes_although_nothing_can_be_written(workspace):
    with workspace.database() as database:
        database.execute("DROP TABLE people")
    seen.note(workspace, "ann")
