"""What has ended stays ended, also for the next server."""

from __future__ import annotations

import sqlite3

import pytest

from core.people import logins
from core.people.logins import EndedLogins


def test_an_ended_login_is_known_to_the_next_server(workspace):
    ended = EndedLogins(workspace)
    ended.add(b"ann's")
    for known in (ended, EndedLogins(workspace)):
        assert b"ann's" in known
        assert b"ben's" not in known


def test_nobody_could_log_in_with_what_is_kept(workspace):
    EndedLogins(workspace).add(b"ann's login")
    assert not any(b"ann's login" in path.read_bytes() for path in workspace.home.glob("amalgam.sqlite*"))


def test_ending_twice_is_ending_once_and_old_ones_go(workspace, monkeypatch):
    ended = EndedLogins(workspace)
    ended.add(b"old")
    ended.add(b"old")
    later = logins.now() + logins.KEPT_SECONDS + 1
    monkeypatch.setattr(logins, "now", lambda: later)
    ended.add(b"new")
    assert EndedLogins(workspace).known == {logins.digest(b"new")}


def test_a_login_ends_although_it_can_not_be_written_down(workspace):
    ended = EndedLogins(workspace)
    with workspace.database() as database:
        database.execute("DROP TABLE ended_logins")
    with pytest.raises(sqlite3.OperationalError, match="ended_logins"):
        ended.add(b"ann's")
    assert b"ann's" in ended
