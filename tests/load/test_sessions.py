"""Sessions without a browser see what a tab sees, notice what fails, and a server that grows is found."""

from __future__ import annotations

import asyncio
from operator import methodcaller

import pytest

from benchmarks import load, soak
from benchmarks._sessions import Seen, tab
from core.workspace import Workspace
from tests.server.conftest import Server


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Two people with a table each, on a server of their own."""
    folder = tmp_path_factory.mktemp("load")
    server = Server(Workspace(folder / "home")).start(log=folder / "server.log", AMALGAM_JOB_KINDS=load.KINDS)
    yield load.People(server, 2, trained=False)
    server.stop()
    assert load.tracebacks(folder / "server.log") == 0


def test_people_and_strangers_see_every_page_without_an_error(people):
    seen = asyncio.run(load.crowd(people, 4))
    assert seen.errors == []
    assert len(seen.seconds["page"]) == 4 * len(load.PAGES)


@pytest.mark.slow
def test_quick_jobs_are_done_while_sessions_come_and_go(people):
    seen = asyncio.run(load.come_and_go(people, openings=4, jobs=2))
    assert seen.errors == []
    assert len(seen.seconds["page"]) == 4


def test_a_page_that_is_not_there_and_a_server_that_does_not_answer_are_errors(people):
    seen, elsewhere = Seen(), Server(people.workspace)  # which was never started
    asyncio.run(tab(people.server, "person-0", seen, methodcaller("visit", "nowhere")))
    asyncio.run(tab(elsewhere, "person-0", seen, methodcaller("visit", "")))
    assert len(seen.errors) == 2
    assert seen.errors[0] == "nowhere: not found"


def test_growth_beyond_its_bound_is_told_and_the_beginning_does_not_count():
    def told(*megabytes: float) -> list[str]:
        return soak.grown([soak.Taken(minute, one, 10, 60, 5.0, 0) for minute, one in enumerate(megabytes)])

    assert told(100, 250, 260, 270, 299) == []
    assert told(100, 250, 260, 270, 301) == ["megabytes grew from 250 to 301; 50 more are allowed"]
    full = [soak.Taken(minute, 100, 10, 60, 10.0 * minute, 2 * minute) for minute in range(5)]
    assert soak.grown(full) == ["the home grew from 10.0 to 40.0 MB; 6 are allowed"]


def test_the_judgement_says_how_fast_it_grew_after_the_first_quarter():
    records = [soak.Taken(n, 100.0 + max(0, 50 - 10 * n) + n, 10, 60, 5.0, n) for n in range(21)]
    assert soak.per_hour(records) == {"megabytes": 60.0, "threads": 0.0, "files": 0.0, "home_megabytes": 0.0}
    assert soak.judgement(records, []).startswith("PASSED")
    assert "in an hour: megabytes +60, threads +0, files +0, home megabytes +0." in soak.judgement(records, [])
    assert soak.judgement(records, ["a", "b"]).startswith("FAILED: a; b.")
    assert "Too short" in soak.judgement(records[:2], [])
