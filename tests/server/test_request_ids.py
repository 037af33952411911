"""Each request has an id of ours: in the answer, whatever turned it away, and in the audit log."""

from __future__ import annotations

import json
import re

import pytest
import requests

from core.access import audit, shares
from core.evaluate.report import html
from core.jobs import client
from core.results.comparison import CandidateResult, Comparison
from core.workspace import RunRow, new_id
from pages.server.request_ids import HEADER
from tests.jobs.kinds import KINDS, Params
from tests.server.conftest import PAGE, sentence

ID = re.compile(r"[0-9a-f]{16}")
SENTENCE = "This link has expired or was taken back, or it is not yours."


@pytest.fixture
def run(server):
    """A finished comparison of Ann's, with a link to it.  →  run, what opens the link"""
    run = new_id()
    folder = server.workspace.run_folder(run)
    folder.mkdir()
    line = CandidateResult(name="dummy", mode="dummy", status="skipped")
    result = Comparison(task="binary", target="mood", metric="accuracy", classes=["a", "b"], n_rows=10, folds=2, seed=0,
                        candidates=[line])  # fmt: skip
    (folder / "result.json").write_text(result.model_dump_json())
    server.workspace.add_run(RunRow(run, "ann", "d" * 24, "compare", "Ann's <b>run</b>", 1.0))
    return run, shares.make(server.workspace, run, "ann")


def acts(server):
    file = audit.log_file(server.workspace.home)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/amalgam/download/x/y", "/_stcore/metrics", "/nowhere"])
def test_every_answer_has_one(server, path):
    found = [requests.get(server.address + path, headers=PAGE, timeout=5).headers.get(HEADER, "") for _again in "12"]
    assert all(ID.fullmatch(one) for one in found)
    assert found[0] != found[1]


def test_what_is_turned_away_at_the_door_has_one(server):
    answer = requests.get(server.address, headers={"host": "evil.example"}, timeout=5)
    assert answer.status_code == 400
    assert ID.fullmatch(answer.headers[HEADER])


def test_nobody_chooses_theirs(server):
    answer = requests.get(server.address, headers=PAGE | {HEADER: "mine"}, timeout=5)
    assert ID.fullmatch(answer.headers[HEADER])


def test_an_upload_and_a_download_are_written_down_with_it(server):
    browser = server.browser("ann")
    sent = browser.post(
        server.address + "/amalgam/upload?name=secret-name.csv", data=b"a\n1\n", headers={HEADER: "mine"}, timeout=5
    )
    job = client.submit(server.workspace, kind="count", owner="ann", params=Params(n=1), kinds=KINDS)
    folder = server.workspace.run_folder(job)
    folder.mkdir(exist_ok=True)
    (folder / "scored.csv").write_text("a\n1\n")
    taken = browser.get(f"{server.address}/amalgam/download/{job}/scored.csv", timeout=5)
    assert taken.status_code == 200
    told = {line["request"]: line for line in acts(server)}
    for answer, act, about in ((sent, "upload", sent.json()["id"]), (taken, "download", job)):
        line = told[answer.headers[HEADER]]
        assert (line["act"], line["owner"], line["about"], line["address"]) == (act, "ann", about, "127.0.0.1")
    assert "secret-name" not in audit.log_file(server.workspace.home).read_text()


def test_what_is_not_handed_out_is_not_written_down_as_if_it_were(server):
    answer = server.browser("ben").get(f"{server.address}/amalgam/download/{new_id()}/scored.csv", timeout=5)
    assert answer.status_code == 404
    assert answer.headers[HEADER] not in {line["request"] for line in acts(server)}


@pytest.mark.parametrize("language", ["en", "zh_CN", "xx", ""])
def test_whoever_has_a_link_takes_the_report(server, run, language):
    run_id, token = run
    address = f"{server.address}/amalgam/shared/{token}/report.html?language={language}"
    answer = requests.get(address, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "no-store" in answer.headers["cache-control"]
    result = Comparison.model_validate_json((server.workspace.run_folder(run_id) / "result.json").read_text())
    wanted = html(result, {}, language if language == "zh_CN" else "en", title="Ann's <b>run</b>")
    assert answer.text == wanted
    line = next(line for line in acts(server) if line["request"] == answer.headers[HEADER])
    assert (line["act"], line["about"], line["owner"]) == ("download", run_id, "")
    assert token not in audit.log_file(server.workspace.home).read_text()


@pytest.mark.parametrize("how", ["taken back", "expired", "guessed", "digest"])
def test_a_link_that_leads_nowhere_hands_out_nothing(server, run, how):
    _run, token = run
    if how == "taken back":
        shares.revoke(server.workspace, shares.digest(token), "ann")
    elif how == "expired":
        with server.workspace.database() as database:
            database.execute("UPDATE shares SET expires = 1")
    else:
        token = {"guessed": "x" * 32, "digest": shares.digest(token)}[how]
    answer = requests.get(f"{server.address}/amalgam/shared/{token}/report.html", timeout=5)
    assert answer.status_code == 404
    assert sentence(answer) == SENTENCE


def test_a_link_opens_nothing_but_the_report(server, run):
    run_id, token = run
    for path in (f"shared/{token}/result.json", f"shared/{token}/", f"download/{run_id}/result.json?share={token}",
                 f"download/{token}/result.json", f"shared/{token}/../{run_id}/result.json"):  # fmt: skip
        answer = requests.get(f"{server.address}/amalgam/{path}", timeout=5)
        assert "accuracy" not in answer.text, path
