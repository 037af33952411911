"""Links to a run: good until they expire, are taken back or lose their run; for nobody a way to anything else."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.access import shares
from core.jobs.housekeeping import delete_dataset, delete_everything, delete_run, tidy
from core.messages import UnknownChoice, UnusableData
from core.workspace import DatasetRow, RunRow, Workspace, new_id

OWNERS = ("ann", "ben")


def listed(workspace, owner="ann"):
    """A table with a run.  →  their ids"""
    dataset, run = new_id(), new_id()
    workspace.add_dataset(DatasetRow(dataset, owner, "people", "0", 1, 1, time.time()))
    workspace.add_run(RunRow(run, owner, dataset, "compare", "first", time.time()))
    return dataset, run


def rows(workspace):
    with workspace.reading() as database:
        return [dict(row) for row in database.execute("SELECT * FROM shares")]


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def clock(monkeypatch):
    """Lets days pass."""
    passed = [0.0]
    began = time.time()
    monkeypatch.setattr(shares, "now", lambda: began + passed[0])

    def wait(days):
        passed[0] += days * shares.DAY_SECONDS

    return wait


def test_a_link_leads_to_its_run_until_it_is_taken_back(workspace):
    _dataset, run = listed(workspace)
    token = shares.make(workspace, run, "ann")
    assert shares.opened(workspace, token).id == run
    (link,) = shares.links(workspace, run, "ann")
    assert shares.revoke(workspace, link.digest, "ann")
    assert shares.opened(workspace, token) is None
    assert not shares.revoke(workspace, link.digest, "ann")


@pytest.mark.parametrize("days", shares.DAYS)
def test_a_link_is_good_for_as_many_days_as_were_chosen(workspace, clock, days):
    _dataset, run = listed(workspace)
    token = shares.make(workspace, run, "ann", days)
    clock(days - 0.01)
    assert shares.opened(workspace, token)
    clock(0.02)
    assert shares.opened(workspace, token) is None
    assert shares.links(workspace, run, "ann") == []


def test_the_database_does_not_hold_what_opens_a_link(workspace):
    _dataset, run = listed(workspace)
    token = shares.make(workspace, run, "ann")
    assert len(token) * 6 >= 128  # bits, of URL-safe characters
    (kept,) = rows(workspace)
    assert token not in str(kept)
    assert shares.opened(workspace, kept["digest"]) is None
    for file in workspace.home.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes()


def test_nobody_shares_or_takes_back_what_is_somebody_elses(workspace):
    _dataset, run = listed(workspace)
    with pytest.raises(UnusableData, match="not there any more"):
        shares.make(workspace, run, "ben")
    token = shares.make(workspace, run, "ann")
    (link,) = shares.links(workspace, run, "ann")
    assert shares.links(workspace, run, "ben") == []
    assert not shares.revoke(workspace, link.digest, "ben")
    assert shares.opened(workspace, token)


def test_other_days_are_refused(workspace):
    _dataset, run = listed(workspace)
    with pytest.raises(UnknownChoice, match="how many days"):
        shares.make(workspace, run, "ann", 36_500)


def test_a_run_has_so_many_links_and_no_more(workspace, clock):
    _dataset, run = listed(workspace)
    for _link in range(shares.MOST_LINKS):
        shares.make(workspace, run, "ann", 1)
    with pytest.raises(UnusableData, match="20 links"):
        shares.make(workspace, run, "ann")
    clock(2)
    shares.make(workspace, run, "ann")
    assert len(rows(workspace)) == 1


@pytest.mark.parametrize("how", ["run", "table", "everything"])
def test_what_is_deleted_takes_its_links(workspace, how):
    dataset, run = listed(workspace)
    _other, kept = listed(workspace, "ben")
    tokens = shares.make(workspace, run, "ann"), shares.make(workspace, kept, "ben")
    if how == "run":
        delete_run(workspace, run, "ann")
    elif how == "table":
        delete_dataset(workspace, dataset, "ann")
    else:
        delete_everything(workspace, "ann")
    assert [row["run"] for row in rows(workspace)] == [kept]
    assert shares.opened(workspace, tokens[0]) is None
    assert shares.opened(workspace, tokens[1]).id == kept


def test_links_that_have_expired_are_tidied_away(workspace):
    _dataset, run = listed(workspace)
    shares.make(workspace, run, "ann")
    with workspace.database() as database:
        database.execute("UPDATE shares SET expires = 1")
    tidy(workspace)
    assert rows(workspace) == []


@pytest.mark.parametrize("token", ["", "x" * 100_000, "' OR 1=1 --", "\ud800", "\0", "%s"])
def test_no_other_text_opens_anything(workspace, token):
    _dataset, run = listed(workspace)
    shares.make(workspace, run, "ann")
    assert shares.opened(workspace, token) is None


class Links(RuleBasedStateMachine):
    """Any order of making, taking back, waiting and deleting, beside a model that keeps what should be open."""

    def __init__(self):
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.workspace = Workspace(Path(self.place.name))
        self.patch = pytest.MonkeyPatch()
        self.moment = time.time()
        self.patch.setattr(shares, "now", lambda: self.moment)
        self.runs = {}  # run → owner
        self.open = {}  # token → (run, when it ends)

    def teardown(self):
        self.patch.undo()
        self.place.cleanup()

    def one_of(self, data, known):
        """By its place: names are random, and what is drawn must be the same each time."""
        return list(known)[data.draw(st.integers(0, len(known) - 1))]

    @rule(owner=st.sampled_from(OWNERS))
    def train(self, owner):
        _dataset, run = listed(self.workspace, owner)
        self.runs[run] = owner

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), days=st.sampled_from(shares.DAYS), foreign=st.booleans())
    def make(self, data, days, foreign):
        run = self.one_of(data, self.runs)
        owner = self.runs[run]
        if foreign:
            with pytest.raises(UnusableData):
                shares.make(self.workspace, run, next(one for one in OWNERS if one != owner), days)
        elif len(shares.links(self.workspace, run, owner)) < shares.MOST_LINKS:
            token = shares.make(self.workspace, run, owner, days)
            self.open[token] = run, self.moment + days * shares.DAY_SECONDS

    @precondition(lambda self: self.open)
    @rule(data=st.data(), by=st.sampled_from(OWNERS))
    def take_back(self, data, by):
        token = self.one_of(data, self.open)
        done = shares.revoke(self.workspace, shares.digest(token), by)
        assert done == (self.runs[self.open[token][0]] == by)
        if done:
            del self.open[token]

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), by=st.sampled_from(OWNERS))
    def delete(self, data, by):
        run = self.one_of(data, self.runs)
        delete_run(self.workspace, run, by)
        if self.runs[run] == by:
            del self.runs[run]
            self.open = {token: kept for token, kept in self.open.items() if kept[0] != run}

    @rule(days=st.sampled_from([0.5, 1, 8, 31]))
    def wait(self, days):
        self.moment += days * shares.DAY_SECONDS
        self.open = {token: kept for token, kept in self.open.items() if kept[1] > self.moment}

    @invariant()
    def what_should_be_open_is_and_nothing_else(self):
        for token, (run, _end) in self.open.items():
            assert shares.opened(self.workspace, token).id == run
        listed_links = {link.digest for run, owner in self.runs.items()
                        for link in shares.links(self.workspace, run, owner)}  # fmt: skip
        assert listed_links == {shares.digest(token) for token in self.open}


TestLinks = Links.TestCase
TestLinks.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
