"""Files go to disk as they come, and what should not come is refused in a sentence."""

from __future__ import annotations

import os
import socket
import threading
import time

import psutil
import pytest
import requests

from core.files import safe_name
from core.jobs import limits
from core.workspace import new_id
from pages.server.identity.owner import COOKIE
from tests.server.conftest import Server, sentence

ADDRESS = "/amalgam/upload"


def folders(server):
    return {path.name for path in (server.workspace.home / "uploads").iterdir()}


def upload(server, body, name="table.csv", browser=None, **headers):
    return (browser or server.browser()).post(
        server.address + ADDRESS, params={"name": name}, data=body, headers=headers, timeout=60
    )


def test_the_bytes_that_arrive_are_the_bytes_that_were_sent(server):
    body = os.urandom(300_000)
    answer = upload(server, body, "表 1.csv").json()
    assert (answer["name"], answer["bytes"]) == ("表 1.csv", 300_000)
    assert (server.workspace.upload_folder(answer["id"]) / "表 1.csv").read_bytes() == body


def test_a_large_file_does_not_gather_in_memory(server):
    process = psutil.Process(server.process.pid)
    upload(server, b"x" * 1_000_000)
    before, peak, done = process.memory_info().rss, 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.is_set():
            peak = max(peak, process.memory_info().rss)
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    block = b"0123456789" * 10_000
    answer = upload(server, (block for _ in range(500)))
    done.set()
    watcher.join()
    assert answer.json()["bytes"] == 50_000_000
    assert peak - before < 20_000_000


@pytest.mark.parametrize("told", [True, False])
def test_a_file_over_the_limit_is_refused_and_nothing_is_kept(server, told):
    before = folders(server)
    block = b"x" * 1_000_000
    body = block * 61 if told else (block for _ in range(61))
    try:
        answer = upload(server, body)
    except requests.ConnectionError:
        assert told  # refused by its length: the server hangs up on a sender that has not looked yet
    else:
        assert answer.status_code == 413
        assert "60 MB" in sentence(answer)
    time.sleep(0.2)
    assert folders(server) == before


def test_what_breaks_off_leaves_nothing(server):
    before, cookie = folders(server), server.browser().cookies[COOKIE]
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            f"POST {ADDRESS}?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Cookie: {COOKIE}={cookie}\r\nContent-Length: 9000000\r\n\r\n".encode()
        )
        line.sendall(b"x" * 2_000_000)
        time.sleep(0.5)
        assert len(folders(server) - before) == 1
    deadline = time.monotonic() + 5
    while folders(server) != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert folders(server) == before


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_another_site_can_not_upload(server, headers):
    answer = upload(server, b"x", **headers)
    assert answer.status_code == 403
    sentence(answer)


def test_our_own_page_can(server):
    assert upload(server, b"x", origin=server.address, **{"sec-fetch-site": "same-origin"}).ok


def test_a_stranger_can_not_upload(server):
    answer = requests.post(server.address + ADDRESS, data=b"x", timeout=5)
    assert answer.status_code == 403
    sentence(answer)


def test_a_name_can_not_lead_elsewhere(server):
    answer = upload(server, b"x", "../../secret").json()
    assert [path.name for path in server.workspace.upload_folder(answer["id"]).iterdir()] == ["secret"]


def test_one_address_leaves_only_so_many_files_unread_whoever_sends_them(server):
    place = {"X-Forwarded-For": "203.0.113.7"}  # a proxy on this machine is believed
    for n in range(limits.UPLOADS_WAITING_PER_ADDRESS - 1):
        server.workspace.add_upload(new_id(), f"person-{n}", "203.0.113.7")
    assert upload(server, b"x", **place).ok
    answer = upload(server, b"x", **place)
    assert answer.status_code == 507
    assert "from your address wait" in answer.json()["message"]
    assert upload(server, b"x").ok


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("table.csv", "table.csv"),
        ("C:\\data\\t.csv", "t.csv"),
        ("../..", "file"),
        (".hidden", "hidden"),
        ("a\nb\x00.csv", "ab.csv"),
        ("", "file"),
        ("/", "file"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending():
    assert safe_name("长" * 300 + ".xlsx").endswith(".xlsx")
    assert len(safe_name("长" * 300 + ".xlsx").encode()) <= 150


def test_nothing_is_taken_that_the_disk_has_no_room_for(workspace):
    narrow = Server(workspace).start(AMALGAM_KEEP_FREE_MB="1000000000")
    try:
        answer = upload(narrow, b"a,b\n1,2\n")
        assert answer.status_code == 507
        assert "nearly full" in sentence(answer)
        assert folders(narrow) == set()
    finally:
        narrow.stop()
