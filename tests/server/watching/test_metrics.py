"""Our figures: behind their switch, in a form that is read strictly, and nobody's name in them."""

from __future__ import annotations

import requests
from websockets.sync.client import connect

from core.jobs import client
from core.workspace import DatasetRow, Workspace, new_id
from pages.server.identity.owner import COOKIE, sign
from tests.jobs.figures.test_openmetrics import strictly_read
from tests.jobs.kinds import KINDS, Params
from tests.server.conftest import Server

PATH = "/amalgam/metrics"


def test_they_are_closed_unless_they_were_opened(server):
    assert requests.get(server.address + PATH, timeout=10).status_code == 404


def test_what_is_told_is_what_happened_and_names_nobody(tmp_path):
    server = Server(Workspace(tmp_path / "home"))
    server.start(AMALGAM_METRICS="1", AMALGAM_UPLOAD_MB="1")
    workspace = server.workspace
    try:
        owner = "owner-secret"
        workspace.add_dataset(DatasetRow(new_id(), owner, 'table-"secret"\n', "", 1, 1, 0.0))
        client.submit(workspace, kind="stubborn", owner=owner, params=Params(name="name-secret"), kinds=KINDS)
        upload = server.address + "/amalgam/upload?name=file-secret.csv"
        browser = server.browser(owner)
        assert browser.post(upload, data=b"x" * 1_000_001, timeout=30).status_code == 413
        assert browser.post(upload, data=b"a", headers={"origin": "http://evil.example"}, timeout=30).status_code == 403
        headers = {"Cookie": f"{COOKIE}={sign(owner, workspace.secret())}"}
        with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"],
                     additional_headers=headers, max_size=None):  # fmt: skip
            answer = requests.get(server.address + PATH, timeout=30)
    finally:
        server.stop()
    assert answer.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert "secret" not in answer.text
    found = strictly_read(answer.text)
    assert found["amalgam_uploads_refused"]["samples"] == {
        ("_total", (("reason", "site"),)): 1, ("_total", (("reason", "size"),)): 1
    }  # fmt: skip
    assert found["amalgam_sessions_open"]["samples"] == {("", ()): 1}
    assert found["amalgam_jobs_submitted"]["samples"] == {("_total", (("kind", "stubborn"),)): 1}
    assert found["amalgam_uploads_active"]["samples"] == {("", ()): 0}
    assert found["amalgam_home_bytes"]["unit"] == found["amalgam_disk_free_bytes"]["unit"] == "bytes"
    assert ("", (("place", "uploads"),)) in found["amalgam_home_bytes"]["samples"]
