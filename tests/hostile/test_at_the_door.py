"""A stranger at a running server: paths that lead elsewhere, endless frames, links that ended, forged names."""

from __future__ import annotations

import socket
import threading
import time

import psutil
import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core.access import audit, shares
from core.jobs import client
from core.jobs.housekeeping import delete_dataset
from core.jobs.logs import FORMAT
from core.results.comparison import CandidateResult, Comparison
from core.workspace import DatasetRow, RunRow, Workspace, new_id
from pages.server.frames import LONGEST_FRAME, LONGEST_LINE
from tests.jobs.kinds import KINDS, Params
from tests.server.conftest import Server, sentence

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # any 16 bytes
TOO_BIG = 1009  # of a websocket's close
OUTSIDE = (
    "/amalgam/download/{job}/..%2f..%2f..%2fsecret",
    "/amalgam/download/{job}/%2e%2e/%2e%2e/secret",
    "/amalgam/download/{job}/..%5c..%5csecret",
    "/amalgam/download/{job}/%2fetc%2fpasswd",
    "/amalgam/download/{job}/out",  # a link out of the folder
    "/amalgam/download/{job}/%00",
    "/amalgam/download/..%2f..%2fsecret/x",
    "/amalgam/download/bundle/{job}/..%2f..%2f",
    "/amalgam/download/bundle/{job}/%2e%2e",
    "/amalgam/download/job-log/..%2fdispatcher",
    "/amalgam/shared/..%2f{job}/report.html",
    "/media/..%2f..%2fsecret",
    "/static/..%2f..%2f..%2fapp.py",
    "/component/..%2f..%2fapp.py",
    "/_stcore/bidi-components/x/..%2f..%2fapp.py",
    "/app/static/..%2f..%2fapp.py",
)


@pytest.fixture(scope="module", params=["text", "json"])
def said(request):
    return request.param


@pytest.fixture(scope="module")
def door(tmp_path_factory, said):
    """A server with one finished run of Ann's.  →  server, its log, her job and what opens a link to it"""
    folder = tmp_path_factory.mktemp("door")
    server = Server(Workspace(folder / "home"))
    server.start(log=folder / "log", **{FORMAT: said})
    workspace = server.workspace
    dataset = new_id()
    workspace.add_dataset(DatasetRow(dataset, "ann", "table \u202e\n\x1b[2J name-secret", "", 1, 1, 0.0))
    job = client.submit(workspace, kind="quick", owner="ann", params=Params(), dataset=dataset, kinds=KINDS)
    client.cancel(workspace, job, "ann")
    place = workspace.run_folder(job)
    place.mkdir(exist_ok=True)
    (place / "out").symlink_to(workspace.home / "secret")
    (place / "scored.csv").write_text("a\n")
    line = CandidateResult(name="dummy", mode="dummy", status="skipped")
    result = Comparison(task="binary", target="mood", metric="accuracy", classes=["a", "b"], n_rows=10, folds=2, seed=0,
                        candidates=[line])  # fmt: skip
    (place / "result.json").write_text(result.model_dump_json())
    workspace.add_run(RunRow(job, "ann", dataset, "compare", "run", 1.0))
    yield server, folder / "log", job, dataset, shares.make(workspace, job, "ann")
    server.stop()


def raw(server, request):
    """The answer to a request as it was typed, which a library would put right."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(request.encode("latin-1"))
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return answer


def asked(server, path, *headers):
    cookies = "; ".join(f"{one.name}={one.value}" for one in server.browser("ann").cookies)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Cookie: {cookies}",
        "Connection: close",
        *headers,
    ]
    return raw(server, "\r\n".join([*lines, "", ""]))


def test_no_path_leads_out_of_a_folder(door):
    server, _log, job, *_rest = door
    key = server.workspace.secret().encode()
    assert b"200 OK" in asked(server, f"/amalgam/download/{job}/scored.csv").split(b"\r\n")[0]
    for path in OUTSIDE:
        answer = asked(server, path.format(job=job))
        assert answer.split(b" ")[1] in {b"400", b"403", b"404"}, path
        assert key not in answer
        assert b"def build" not in answer
        assert b"Traceback" not in answer


def test_a_name_in_an_address_adds_no_header(door):
    server, _log, job, *_rest = door
    names = {"a\r\nset-cookie: x=1.csv": "a%0d%0aset-cookie:%20x=1.csv", 'a";\u202e.csv': "a%22;%e2%80%ae.csv"}
    for name, typed in names.items():
        (server.workspace.run_folder(job) / name).write_text("a\n")
        head, _empty, _file = asked(server, f"/amalgam/download/{job}/{typed}").lower().partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert not [line for line in lines if line.startswith(b"set-cookie")]
        assert b"\n" not in b"".join(lines)
    assert b"content-disposition: attachment; filename*=utf-8''a%22%3b%e2%80%ae.csv" in lines


@pytest.mark.parametrize("header", ["Host: evil.example", "X-Forwarded-For: \x01" + "9" * 3000, "Cookie: a=\xff",
                                    "Range: bytes=" + ",".join("0-0" for _n in range(900))])  # fmt: skip
def test_odd_headers_are_no_error_of_ours(door, header):
    server, log, job, *_rest = door
    answer = asked(server, f"/amalgam/download/{job}/scored.csv", header)
    assert answer.split(b" ")[1] < b"500"
    assert b"multipart" not in answer[:600] or len(answer) < 200_000
    assert "Traceback" not in log.read_text()


def closed_with(server, message):
    """Send a frame and wait until its websocket ends.  →  how; None: without a word"""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as tab:
        try:
            tab.send(message)
            while True:
                tab.recv(timeout=60)
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd else None


def test_a_frame_without_end_is_refused_before_it_has_arrived(door):
    server, log, *_rest = door
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    most, done = [before], threading.Event()

    def watch():
        while not done.is_set():
            most.append(process.memory_info().rss)
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = closed_with(server, BackMsg(rerun_script={"query_string": "q" * (6 * LONGEST_FRAME)}).SerializeToString())
    done.set()
    watcher.join()
    assert code in {TOO_BIG, None}
    assert max(most) - before < 4 * LONGEST_FRAME
    assert "Traceback" not in log.read_text()
    assert requests.get(f"{server.address}/_stcore/health", timeout=30).ok


@pytest.mark.parametrize(
    "protocols", [["evil"], ["streamlit", "a", "b", "c"], ["streamlit", "x" * 4000], None], ids=repr
)
def test_forged_protocols_open_nothing_of_anybodys(door, protocols):
    server, log, *_rest = door
    try:
        with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=protocols, open_timeout=30) as tab:
            tab.send(b"")
    except (ConnectionClosed, OSError):
        pass
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Sec-WebSocket-Protocol: streamlit, " + "x" * LONGEST_LINE, b"431"),
        ("Cookie: a=" + "x" * LONGEST_LINE, b"431"),
        ("\r\n".join(f"X-{n}: 1" for n in range(200)), b"431"),
        ("X: \x01", b""),  # ended without a word
    ],
    ids=["protocol", "cookie", "many", "control"],
)
def test_a_handshake_that_is_too_much_is_answered_at_once(door, line, status):
    server, log, *_rest = door
    asks = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"]
    head = ["GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *asks, line]
    answer = raw(server, "\r\n".join([*head, "", ""]))  # which waits a minute for it
    assert answer[9:12] == status
    assert "Traceback" not in log.read_text()


def test_what_opens_a_link_and_what_a_table_is_called_stand_in_no_log(door):
    server, log, _job, _dataset, token = door
    assert requests.get(f"{server.address}/amalgam/shared/{token}/report.html", timeout=60).ok
    requests.get(f"{server.address}/amalgam/shared/{token}/%0d%0ax/report.html", timeout=60)
    with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream?share={token}", subprotocols=["streamlit"],
                 max_size=None) as tab:  # fmt: skip
        tab.send(BackMsg(rerun_script={"query_string": f"share={token}", "page_name": "shared"}).SerializeToString())
        tab.recv(timeout=60)
    logs = [log, *(server.workspace.home / "logs").iterdir()]
    assert audit.log_file(server.workspace.home) in logs
    for path in logs:
        assert token not in path.read_text(), path.name
        assert "name-secret" not in path.read_text(), path.name


def test_a_link_ends_with_its_table(door):
    server, _log, _job, dataset, token = door
    delete_dataset(server.workspace, dataset, "ann")
    answer = requests.get(f"{server.address}/amalgam/shared/{token}/report.html", timeout=60)
    assert answer.status_code == 404
    assert sentence(answer).startswith("This link has expired")
