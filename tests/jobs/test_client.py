"""Jobs as a page sees them, without any process."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.jobs import client, limits, table
from core.jobs.reporter import Estimate
from core.messages import UnknownChoice, UnusableData
from core.workspace import Workspace
from tests.jobs.kinds import KINDS, Params


def submit(workspace, owner="ann", kind="count"):
    return client.submit(workspace, kind=kind, owner=owner, params=Params(), kinds=KINDS)


def test_a_job_is_seen_by_its_owner_only(workspace):
    job = submit(workspace)
    assert client.get(workspace, job, "ann").state == "queued"
    assert client.get(workspace, job, "bob") is None
    client.cancel(workspace, job, "bob")
    assert client.get(workspace, job, "ann").state == "queued"
    assert client.jobs(workspace, "bob") == []


def test_an_unknown_kind_is_refused(workspace):
    with pytest.raises(UnknownChoice):
        submit(workspace, kind="nonsense")


def test_the_queue_of_one_owner_is_bounded_and_others_still_get_in(workspace):
    for _ in range(limits.QUEUED_PER_OWNER):
        submit(workspace)
    with pytest.raises(UnusableData, match=str(limits.QUEUED_PER_OWNER)):
        submit(workspace)
    submit(workspace, "bob")


def test_the_whole_queue_is_bounded(workspace, monkeypatch):
    monkeypatch.setattr(limits, "QUEUED_IN_ALL", 3)
    for owner in "abc":
        submit(workspace, owner)
    with pytest.raises(UnusableData):
        submit(workspace, "d")


def test_owners_take_turns_and_see_their_place(workspace):
    first, second, other = submit(workspace), submit(workspace), submit(workspace, "bob")
    assert [client.get(workspace, first, "ann").position, client.get(workspace, other, "bob").position] == [1, 2]
    assert client.get(workspace, second, "ann").position == 3


def test_who_was_served_last_waits_longest():
    queue = [("a1", "ann", 1.0), ("a2", "ann", 2.0), ("b1", "bob", 3.0)]
    assert table.fair_order(queue, {"ann": 100.0}) == ["b1", "a1", "a2"]


def test_a_waiting_job_is_cancelled_at_once(workspace):
    job = submit(workspace)
    client.cancel(workspace, job, "ann")
    assert client.get(workspace, job, "ann").state == "cancelled"


def test_the_newest_job_comes_first_and_filters_hold(workspace):
    old, new = submit(workspace), submit(workspace)
    client.cancel(workspace, old, "ann")
    assert [job.id for job in client.jobs(workspace, "ann")] == [new, old]
    assert [job.id for job in client.jobs(workspace, "ann", active=True)] == [new]
    assert [job.id for job in client.jobs(workspace, "ann", active=False)] == [old]
    assert client.jobs(workspace, "ann", kind="compare") == []


def test_the_estimate_is_what_steady_work_needs():
    estimate = Estimate()
    for second in range(11):
        remaining = estimate.update(second / 20, float(second))
    assert remaining == pytest.approx(10.0)


def test_a_resumed_run_keeps_the_name_it_was_given(workspace):
    job = submit(workspace, kind="compare")
    table.claim(workspace, job, 1, 0.0)
    partial = table.partial_folder(workspace, job)
    partial.mkdir()
    (partial / "result.json").write_text("{}")
    table.finish(workspace, table.one(workspace, job), "lost")
    workspace.rename_run(job, "ann", "My run")
    client.resume(workspace, job, "ann")
    assert workspace.runs("ann") == []
    assert client.folder(workspace, job) == partial
    table.claim(workspace, job, 1, 0.0)
    table.finish(workspace, table.one(workspace, job), "done")
    assert [run.name for run in workspace.runs("ann")] == ["My run"]


class Life(RuleBasedStateMachine):
    """Any order of submits, claims, cancels, ends and resumes leaves every job in a state it may be in."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.workspace = Workspace(Path(self.folder.name))
        self.model = {}

    def teardown(self):
        self.folder.cleanup()

    def pick(self, number):
        return list(self.model)[number % len(self.model)] if self.model else None

    @rule()
    def submit(self):
        if sum(state == "queued" for state in self.model.values()) < limits.QUEUED_PER_OWNER:
            self.model[submit(self.workspace)] = "queued"

    @rule(number=st.integers(0, 99))
    def claim(self, number):
        if job := self.pick(number):
            assert table.claim(self.workspace, job, 1, 0.0) == (self.model[job] == "queued")
            self.model[job] = "running" if self.model[job] == "queued" else self.model[job]

    @rule(number=st.integers(0, 99))
    def cancel(self, number):
        if job := self.pick(number):
            client.cancel(self.workspace, job, "ann")
            assert table.one(self.workspace, job).cancelling == (self.model[job] == "running")
            self.model[job] = "cancelled" if self.model[job] == "queued" else self.model[job]

    @rule(number=st.integers(0, 99), state=st.sampled_from(["done", "failed", "cancelled", "lost"]))
    def finish(self, number, state):
        if job := self.pick(number):
            ended = table.finish(self.workspace, table.one(self.workspace, job), state)
            assert ended == (self.model[job] == "running")
            self.model[job] = state if ended else self.model[job]

    @rule(number=st.integers(0, 99))
    def resume(self, number):
        queued = sum(state == "queued" for state in self.model.values())
        if (job := self.pick(number)) and queued < limits.QUEUED_PER_OWNER:
            client.resume(self.workspace, job, "ann")
            self.model[job] = "queued" if self.model[job] in table.RESUMABLE else self.model[job]

    @invariant()
    def the_table_agrees(self):
        found = {job.id: job for job in client.jobs(self.workspace, "ann", limit=1000)}
        assert {job: found[job].state for job in found} == self.model
        with self.workspace.reading() as database:
            assert sorted(table.waiting(database, "heavy")) == sorted(
                job for job, state in self.model.items() if state == "queued"
            )
        for job in found.values():
            assert (job.pid is not None) == (job.state == "running")
            assert not (job.cancelling and job.state != "running")


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


def test_browsers_are_free_to_make_but_an_address_has_a_bound(workspace):
    def from_one_place(n):
        return client.submit(
            workspace, kind="count", owner=f"browser-{n}", params=Params(), kinds=KINDS, address="10.0.0.7"
        )

    for n in range(limits.QUEUED_PER_ADDRESS):
        from_one_place(n)
    with pytest.raises(UnusableData, match="36 jobs from your address"):
        from_one_place(n + 1)
    submit(workspace, owner="ben")  # this machine, and every other address, still get in
    client.submit(workspace, kind="count", owner="cem", params=Params(), kinds=KINDS, address="10.0.0.8")


def test_the_last_places_are_for_people_who_have_nothing_waiting(workspace, monkeypatch):
    monkeypatch.setattr(limits, "QUEUED_IN_ALL", 10)
    monkeypatch.setattr(limits, "KEPT_FOR_OTHERS", 4)
    for _ in range(6):
        submit(workspace, owner="ann")
    with pytest.raises(UnusableData, match="Too many jobs"):
        submit(workspace, owner="ann")
    for n in range(4):
        submit(workspace, owner=f"new-{n}")
    with pytest.raises(UnusableData, match="Too many jobs"):
        submit(workspace, owner="late")


def test_a_home_made_before_addresses_were_kept_still_opens(tmp_path):
    made = Workspace(tmp_path / "home")
    with made.database() as database:
        database.execute("ALTER TABLE jobs DROP COLUMN address")
    again = Workspace(tmp_path / "home")
    assert client.get(again, submit(again), "ann").state == "queued"
