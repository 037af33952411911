"""Every broken file, dropped on the Data page: one clear sentence there, never a traceback."""

from __future__ import annotations

import pytest

from core import catalog
from core.job_params import CompareParams, ReadParams
from core.jobs import client, table, worker
from core.jobs.reporter import Reporter
from core.plan import Plan
from core.workspace import new_id
from pages.shared.markup import plain
from tests.hostile.malformed import REFUSED
from tests.pages.conftest import OWNER, words

TARGETS = {  # tables that can be read, with a target that can't be predicted
    "one class": b"a,y\n" + b"1,x\n" * 30,
    "all missing": b"a,y\n" + b"1,\n" * 30,
    "several labels in a cell": b"a,y\n" + b"1,red|blue\n2,blue\n3,red|green\n4,green|blue\n5,red\n" * 8,
    "free text": b"a,y\n" + b"".join(b"%d,this is sentence number %d of many\n" % (n, n) for n in range(60)),
    "dates": b"a,y\n" + b"".join(b"%d,2024-01-%02d\n" % (n, n % 28 + 1) for n in range(60)),
}


def work(workspace, kind: str, params, dataset: str = "") -> client.Job:
    """Submit a job and do it here, as its worker would.  →  the job as it ended"""
    job_id = client.submit(workspace, kind=kind, owner=OWNER, params=params, dataset=dataset)
    assert table.claim(workspace, job_id, 1, 1.0)
    job = table.one(workspace, job_id)
    reporter = Reporter(workspace, job)
    ended = worker.attempt(workspace, job, catalog.JOB_KINDS, table.partial_folder(workspace, job_id), reporter)
    reporter.close()
    table.finish(workspace, job, *ended)
    return client.get(workspace, job_id, OWNER)


def uploaded(workspace, name: str, content: bytes) -> str:
    upload = new_id()
    folder = workspace.upload_folder(upload)
    folder.mkdir(parents=True)
    workspace.add_upload(upload, OWNER)
    (folder / name).write_bytes(content)
    return upload


@pytest.mark.parametrize("what", REFUSED)
def test_a_broken_file_ends_in_one_sentence_on_the_page(what, workspace, open_page):
    name, content = REFUSED[what]
    params = ReadParams(dataset=new_id(), name=name, uploads=[uploaded(workspace, name, content)])
    job = work(workspace, "read", params)
    assert (job.state, job.error.code, job.error.ours) == ("failed", "unreadable_file", False)
    page = open_page("data")
    assert not page.exception
    sentence = f"{job.error.message} {job.error.hint}"
    assert [error.value for error in page.error] == [plain(sentence)]
    assert "Traceback" not in sentence
    assert (workspace.upload_folder(params.uploads[0]) / name).exists()  # nothing is lost


@pytest.mark.parametrize("what", TARGETS)
@pytest.mark.parametrize("road", ["data", "compare"])
def test_a_target_that_cannot_be_predicted_ends_in_one_sentence(what, road, workspace, open_page):
    upload = uploaded(workspace, "a.csv", TARGETS[what])
    dataset = new_id()
    params = ReadParams(dataset=dataset, name="a.csv", uploads=[upload], target="y")
    assert work(workspace, "read", params).state == "done"
    job = work(
        workspace, "compare", CompareParams(dataset=dataset, plan=Plan(target="y", candidates=["dummy"])), dataset
    )
    assert (job.state, job.error.code, job.error.ours) == ("failed", "unusable_data", False)
    page = open_page(road)
    assert not page.exception
    assert plain(f"{job.error.message} {job.error.hint}") in words(page)
