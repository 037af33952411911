"""With AMALGAM_LOG_FORMAT=json all that the web process says is one object a line, and holds no cell of a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

from core.jobs.logs import FORMAT
from core.workspace import DatasetRow, new_id
from pages.server.identity.owner import COOKIE, sign
from tests.jobs.test_logs import KEYS
from tests.server.conftest import ROOT, Server
from tests.server.test_frames import drawn

VISIT = BackMsg(rerun_script={"page_name": "data"}).SerializeToString()


def test_every_line_is_an_object_and_a_failing_page_tells_no_cell(workspace, tmp_path):
    server = Server(workspace)
    damaged = new_id()
    workspace.add_dataset(DatasetRow(damaged, "ann", "table", "", 1, 1, 0.0))
    workspace.dataset_folder(damaged).mkdir()
    (workspace.dataset_folder(damaged) / "schema.json").write_text('{"columns": "cell-secret"}')
    server.start(log=tmp_path / "log", **{FORMAT: "json"})
    try:
        headers = {"Cookie": f"{COOKIE}={sign('ann', workspace.secret())}"}
        address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        with connect(address, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as tab:
            tab.send(VISIT)
            drawn(tab)
    finally:
        server.stop()
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(set(line) == KEYS for line in lines)
    assert "cell-secret" not in text
    assert any(server.address in line["message"] for line in lines)  # what Streamlit prints
    assert "uvicorn.error" in {line["logger"] for line in lines}
    failed = [line for line in lines if line["exception"]]
    assert failed, text
    assert {(line["owner"], len(line["request"])) for line in failed} == {("ann", 16)}


def test_a_format_that_is_none_ends_the_start_with_a_sentence(workspace):
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT, env=os.environ | {FORMAT: "xml", "LANG": "C.UTF-8"}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "AMALGAM_LOG_FORMAT is “xml”" in ended.stderr
    assert "Traceback" not in ended.stderr
