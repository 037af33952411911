"""What a browser may fetch: its own files, and nothing beside them."""

from __future__ import annotations

import io
import zipfile

import pytest
import requests

from core.jobs import client, table
from core.workspace import TAKEN
from tests.jobs.conftest import until
from tests.jobs.kinds import KINDS, Params


@pytest.fixture
def run(server):
    """A finished run of Ann's."""
    workspace = server.workspace
    job = client.submit(workspace, kind="compare", owner="ann", params=Params(name="Mine"), kinds=KINDS)
    table.claim(workspace, job, 1, 0.0)
    folder = table.partial_folder(workspace, job)
    bundle = folder / "candidates" / "dummy" / "bundle"
    bundle.mkdir(parents=True)
    (folder / "result.json").write_text('{"secret": 1}')
    (bundle / "manifest.json").write_text("{}")
    (folder / "link").symlink_to(workspace.home / "secret")
    workspace.log_file(job).write_text("what happened")
    table.finish(workspace, table.one(workspace, job), "done")
    return job


@pytest.fixture
def fetch(server):
    def send(path, owner="ann"):
        browser = server.browser(owner)
        request = browser.prepare_request(requests.Request("GET", server.address))
        request.url = server.address + "/amalgam/download/" + path  # as it stands, dots and all
        return browser.send(request, timeout=10)

    return send


def test_the_owner_gets_a_file_to_save(run, fetch):
    answer = fetch(f"{run}/result.json")
    assert answer.json() == {"secret": 1}
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "no-store" in answer.headers["cache-control"]


def test_the_owner_gets_the_log(run, fetch):
    assert fetch(f"job-log/{run}").text == "what happened"


def test_a_bundle_comes_as_a_zip_and_leaves_nothing_behind(run, fetch, server):
    answer = fetch(f"bundle/{run}/dummy.zip")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["manifest.json"]
    until(lambda: not list((server.workspace.home / "run").glob("*.zip")), 3)


def test_it_is_remembered_that_a_bundle_was_taken(run, fetch, server):
    mark = server.workspace.run_folder(run) / TAKEN
    fetch(f"bundle/{run}/dummy.zip", owner="bob")
    fetch(f"bundle/{run}/absent.zip")
    assert not mark.exists()
    fetch(f"bundle/{run}/dummy.zip")
    assert mark.exists()


@pytest.mark.parametrize("path", ["{run}/result.json", "job-log/{run}", "bundle/{run}/dummy.zip"])
def test_somebody_elses_file_is_not_there(run, fetch, path):
    assert fetch(path.format(run=run), owner="bob").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "{run}/../../secret",
        "{run}/..%2f..%2fsecret",
        "{run}/%2e%2e/%2e%2e/secret",
        "{run}/%2fetc%2fpasswd",
        "{run}//etc/passwd",
        "{run}/link",
        "{run}/candidates",
        "{run}/",
        "{run}/%00",
        "bundle/{run}/..zip",
        "bundle/{run}/..%2f..zip",
        "bundle/{run}/absent.zip",
        "job-log/..%2f..%2fsecret",
        "job-log/000000000000000000000000",
        "../secret",
    ],
)
def test_no_path_leads_out_of_the_run(run, fetch, path, server):
    answer = fetch(path.format(run=run))
    assert server.workspace.secret() not in answer.text
    assert "root:" not in answer.text
    assert "attachment" not in answer.headers.get("content-disposition", "")


def test_a_browser_without_a_cookie_gets_nothing(run, server):
    answer = requests.get(f"{server.address}/amalgam/download/{run}/result.json", timeout=5)
    assert answer.status_code == 404
