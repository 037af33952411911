"""What people and jobs take, counted from real files and a real process."""

from __future__ import annotations

from core.job_params import CleanParams
from core.jobs import client, table
from core.jobs.housekeeping import delete_everything
from core.people import overview, seen
from core.workspace import DatasetRow, RunRow, new_id, now
from tests.jobs.conftest import jobs, until  # noqa: F401


def table_of(workspace, owner, n_bytes=1000):
    row = DatasetRow(new_id(), owner, "a secret title", "", 1, 1, now())
    workspace.dataset_folder(row.id).mkdir()
    (workspace.dataset_folder(row.id) / "table.parquet").write_bytes(b"0" * n_bytes)
    workspace.add_dataset(row)
    return row.id


def run_of(workspace, owner, dataset, n_bytes=500):
    row = RunRow(new_id(), owner, dataset, "compare", "a secret run", now())
    workspace.run_folder(row.id).mkdir()
    (workspace.run_folder(row.id) / "result.json").write_bytes(b"0" * n_bytes)
    workspace.add_run(row)
    return row.id


def test_everybody_is_there_with_what_is_theirs(workspace):
    run_of(workspace, "ann", table_of(workspace, "ann"))
    workspace.add_upload(new_id(), "ben")
    seen.note(workspace, "cat", "Cat")
    known = {person.owner: person for person in overview.people(workspace)}
    assert set(known) == {"ann", "ben", "cat"}
    assert (known["ann"].n_tables, known["ann"].n_runs, known["ann"].n_bytes) == (1, 1, 1500)
    assert (known["ben"].n_bytes, known["ben"].last_seen) == (0, None)
    assert known["cat"].name == "Cat"
    assert "secret" not in str(known)


def test_who_is_deleted_is_gone_from_the_list(workspace):
    table_of(workspace, "ann")
    seen.note(workspace, "ann", "Ann")
    delete_everything(workspace, "ann")
    assert overview.people(workspace) == []


def test_what_waits_comes_before_what_has_ended(workspace):
    params = CleanParams(dataset=new_id())
    ended, waits = (client.submit(workspace, kind="clean", owner=one, params=params) for one in ("ann", "ben"))
    client.cancel(workspace, ended, "ann")
    again = client.submit(workspace, kind="clean", owner="ann", params=params)
    assert [job.id for job in overview.jobs(workspace)] == [again, waits, ended]
    assert [overview.memory_bytes(job) for job in overview.jobs(workspace)] == [None, None, None]


def test_a_job_at_work_has_its_memory(jobs):  # noqa: F811
    jobs.start()
    job = jobs.submit("count", n=10_000)
    jobs.at_work(job, "2.txt")
    assert overview.memory_bytes(table.one(jobs.workspace, job)) > 1_000_000


def test_pages_that_a_job_shares_with_its_child_count_once(jobs):  # noqa: F811
    jobs.start()
    job = jobs.submit("forked", n=200)  # megabytes
    jobs.at_work(job, "child")
    assert 200e6 < overview.memory_bytes(table.one(jobs.workspace, job)) < 400e6
