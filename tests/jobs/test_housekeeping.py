"""What a person deletes goes with all that was made from it; what is in no list is swept."""

from __future__ import annotations

import os
import time

import pytest
from pydantic import BaseModel

from core.access import shares
from core.job_params import CompareParams, GenerateParams, PredictParams, ReadParams
from core.jobs import client, table
from core.jobs.housekeeping import LISTS, delete_dataset, delete_everything, delete_run, sweep, tidy
from core.plan import Plan
from core.workspace import DatasetRow, RunRow, new_id
from tests.jobs.conftest import until


class Pasted(BaseModel):
    """A job without a table, with texts in its parameters."""

    text: str = "typed by hand"
    upload: str = ""


def submitted(workspace, kind, params, dataset="", owner="ann"):
    """A job with a folder and a log, as it stands after it has run."""
    job = client.submit(workspace, kind=kind, owner=owner, params=params, dataset=dataset)
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (job,))
    folder = workspace.run_folder(job)
    folder.mkdir()
    (folder / "scored.csv").write_text("name,answer\nAda,yes\n")
    workspace.log_file(job).write_text("start")
    return job


def uploaded(workspace, owner="ann"):
    upload = new_id()
    workspace.add_upload(upload, owner)
    workspace.upload_folder(upload).mkdir()
    (workspace.upload_folder(upload) / "rows.csv").write_text("name\nAda\n")
    return upload


def listed(workspace, owner="ann"):
    """A table in the list, with its folder."""
    dataset = new_id()
    workspace.dataset_folder(dataset).mkdir()
    (workspace.dataset_folder(dataset) / "table.parquet").write_bytes(b"PAR1")
    workspace.add_dataset(DatasetRow(dataset, owner, "people", "0", 1, 1, time.time()))
    return dataset


def trained(workspace, dataset, owner="ann"):
    params = CompareParams(dataset=dataset, plan=Plan(target="answer"))
    run = submitted(workspace, "compare", params, dataset, owner)
    workspace.add_run(RunRow(run, owner, dataset, "compare", "first", time.time()))
    return run


def traces(workspace, one):
    """What still tells of a table or job: rows and files."""
    rows = []
    with workspace.reading() as database:
        for name in LISTS:
            rows += [name for _row in database.execute(f"SELECT 1 FROM {name} WHERE id = ?", (one,))]
    return rows + [str(path) for path in workspace.home.rglob("*") if one in path.name]


def test_a_deleted_table_leaves_nothing_of_what_was_made_from_it(workspace):
    dataset, upload = listed(workspace), uploaded(workspace)
    read = submitted(
        workspace, "read", ReadParams(dataset=dataset, name="people", uploads=[uploaded(workspace)]), dataset
    )
    run = trained(workspace, dataset)
    scored = submitted(workspace, "predict", PredictParams(run=run, candidate="columns", upload=upload), dataset)
    summary = submitted(workspace, "generate", GenerateParams(task="summary", run=run))
    in_words = submitted(workspace, "generate", GenerateParams(task="row", explanation=scored))

    delete_dataset(workspace, dataset, "ann")

    for one in (dataset, upload, read, run, scored, summary, in_words):
        assert traces(workspace, one) == [], one
    assert list((workspace.home / "uploads").iterdir()) == []


def test_a_deleted_run_leaves_the_table_and_its_other_runs(workspace):
    dataset = listed(workspace)
    run, other = trained(workspace, dataset), trained(workspace, dataset)
    scored = submitted(workspace, "predict", PredictParams(run=run, candidate="columns"), dataset)
    delete_run(workspace, run, "ann")
    assert not traces(workspace, run)
    assert not traces(workspace, scored)
    assert workspace.dataset(dataset, "ann")
    assert workspace.run(other, "ann")
    assert workspace.run_folder(other).is_dir()


def test_a_table_made_from_a_deleted_one_stays(workspace):
    dataset, wider = listed(workspace), listed(workspace)
    submitted(workspace, "read", ReadParams(dataset=wider, name="wider", source=dataset), wider)
    delete_dataset(workspace, dataset, "ann")
    assert workspace.dataset(wider, "ann")
    assert workspace.dataset_folder(wider).is_dir()


def test_nobody_deletes_what_is_somebody_elses(workspace):
    dataset = listed(workspace, owner="ben")
    run = trained(workspace, dataset, owner="ben")
    link = shares.make(workspace, run, "ben")
    delete_dataset(workspace, dataset, "ann")
    delete_run(workspace, run, "ann")
    delete_everything(workspace, "ann")
    assert workspace.dataset(dataset, "ben")
    assert workspace.run(run, "ben")
    assert workspace.dataset_folder(dataset).is_dir()
    assert workspace.run_folder(run).is_dir()
    assert shares.opened(workspace, link)


def test_what_somebody_else_asks_of_my_table_does_not_choose_what_goes_with_it(workspace):
    """Who has come by two of my ids would have the one deleted with the other."""
    dataset, upload, other = listed(workspace), uploaded(workspace), trained(workspace, listed(workspace))
    theirs = submitted(workspace, "read", ReadParams(dataset=dataset, name="x", uploads=[upload]), owner="ben")
    mine = submitted(workspace, "predict", PredictParams(run=theirs, candidate="columns", upload=other))
    delete_dataset(workspace, dataset, "ann")
    assert workspace.upload(upload, "ann").is_dir()
    for one in (theirs, mine, other):
        assert traces(workspace, one), one


def test_everything_of_mine_goes_and_nothing_of_others(workspace):
    dataset, other = listed(workspace), listed(workspace, owner="ben")
    run, upload = trained(workspace, dataset), uploaded(workspace)
    pasted = submitted(workspace, "lm-train", Pasted(upload=upload))
    theirs = trained(workspace, other, owner="ben")
    delete_everything(workspace, "ann")
    for one in (dataset, run, pasted, upload):
        assert traces(workspace, one) == [], one
    assert workspace.datasets("ann") == []
    assert client.jobs(workspace, "ann") == []
    assert workspace.run(theirs, "ben")
    assert workspace.run_folder(theirs).is_dir()


def test_an_upload_that_nobody_read_goes_with_everything_and_others_keep_theirs(workspace):
    mine, theirs = uploaded(workspace), uploaded(workspace, owner="ben")
    submitted(workspace, "lm-train", Pasted(upload=theirs))  # an id that was come by is no right
    delete_everything(workspace, "ann")
    assert traces(workspace, mine) == []
    assert workspace.upload(theirs, "ben").is_dir()


def test_a_name_in_the_parameters_never_leads_out_of_the_uploads(workspace):
    submitted(workspace, "lm-train", Pasted(upload="../datasets"))
    submitted(workspace, "lm-train", Pasted(upload=".."))
    submitted(workspace, "lm-train", Pasted(upload="."))
    dataset = listed(workspace, owner="ben")
    delete_everything(workspace, "ann")
    assert workspace.dataset_folder(dataset).is_dir()
    assert (workspace.home / "uploads").is_dir()


def test_work_on_a_deleted_table_ends_and_leaves_no_folder(jobs):
    jobs.start()
    job = jobs.submit("count", n=10_000)
    jobs.at_work(job, "2.txt")
    delete_everything(jobs.workspace, "ann")
    assert table.one(jobs.workspace, job) is None
    until(lambda: traces(jobs.workspace, job) == [])
    after = jobs.submit("quick")  # the place it worked in is free
    assert jobs.ended(after).state == "done"
    assert traces(jobs.workspace, job) == []


def old(path, days):
    """Make a file or folder, and all in it, look as if it had changed last so long ago."""
    then = time.time() - days * 86_400
    for place in (*path.rglob("*"), path):
        os.utime(place, (then, then))


def test_folders_in_no_list_are_swept_after_a_day(workspace):
    dataset = listed(workspace)
    orphan, partial, fresh = (workspace.home / "runs" / name for name in (new_id(), new_id() + ".partial", new_id()))
    for place in (orphan, partial, fresh):
        place.mkdir()
        (place / "result.json").write_text("{}")
    packed = workspace.home / "run" / "tmpabc.zip"
    packed.write_bytes(b"PK")
    for place in (orphan, partial, packed, workspace.dataset_folder(dataset)):
        old(place, days=1.1)
    tidy(workspace)
    assert not orphan.exists()
    assert not partial.exists()
    assert not packed.exists()
    assert fresh.exists()
    assert workspace.dataset_folder(dataset).is_dir()


@pytest.mark.parametrize("suffix", ["", ".partial"])
def test_what_a_job_still_writes_is_not_swept(workspace, suffix):
    job = client.submit(workspace, kind="lm-train", owner="ann", params=Pasted())
    place = workspace.home / "runs" / f"{job}{suffix}"
    place.mkdir()
    old(place, days=3)
    unlisted = workspace.home / "runs" / f"{new_id()}.partial"  # as the command line writes one
    unlisted.mkdir()
    old(unlisted, days=3)
    (unlisted / "fold-3.json").write_text("{}")
    sweep(workspace)
    assert place.is_dir()
    assert unlisted.is_dir()
