"""Senders that hold a place and send nothing: others can still upload, and the places come free again."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
import requests
from starlette.requests import Request

from core.jobs import limits
from core.workspace import Workspace
from pages.server.arriving import TooSlow, in_time
from pages.server.identity.owner import COOKIE
from tests.server.conftest import Server, sentence

ADDRESS = "/amalgam/upload"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(Workspace(tmp_path_factory.mktemp("home"))).start(AMALGAM_UPLOAD_SILENCE_SECONDS="2")
    yield made
    made.stop()


def idle(server, cookie: str) -> socket.socket:
    """A connection that promises nine megabytes and sends one byte."""
    line = socket.create_connection(("127.0.0.1", server.port))
    line.sendall(
        f"POST {ADDRESS}?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Cookie: {COOKIE}={cookie}\r\nContent-Length: 9000000\r\n\r\nx".encode()
    )
    return line


def arriving(server) -> int:
    return len(list((server.workspace.home / "uploads").glob("*.partial")))


def until(happened) -> None:
    deadline = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def send(server, browser) -> requests.Response:
    return browser.post(server.address + ADDRESS, params={"name": "a.csv"}, data=b"a,b\n1,2\n", timeout=30)


def test_idle_senders_of_one_owner_leave_places_to_others(server):
    one, other = server.browser(), server.browser()
    lines = [idle(server, one.cookies[COOKIE]) for _ in range(8)]
    until(lambda: arriving(server) == 2)
    started = time.monotonic()
    assert send(server, other).ok
    assert time.monotonic() - started < 1.5  # before any of the idle ones has been sent away
    for line in lines:
        line.close()
    until(lambda: arriving(server) == 0)


def test_a_silent_sender_is_told_so_and_sent_away(server):
    owners = [server.browser() for _ in range(4)]
    lines = [idle(server, owner.cookies[COOKIE]) for owner in owners]
    until(lambda: arriving(server) == 4)
    assert send(server, owners[0]).ok  # it waits until the places are free again
    for line in lines:
        line.settimeout(10)
        answer = b""
        while piece := line.recv(4096):  # until the server hangs up
            answer += piece
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"stopped arriving" in answer
    assert arriving(server) == 0


def test_a_trickle_is_as_good_as_silence(monkeypatch):
    """By the rule itself: what comes a byte at a time is over when the grace is, however often a byte comes."""
    monkeypatch.setattr(limits, "UPLOAD_GRACE_SECONDS", 0.5)
    sent = 0

    async def receive():
        nonlocal sent
        sent += 1
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def listen():
        async for _chunk in in_time(Request({"type": "http", "method": "POST", "headers": []}, receive)):
            pass

    with pytest.raises(TooSlow):
        asyncio.run(listen())
    assert 5 <= sent <= 15


def test_streamlits_own_route_for_files_is_closed(server):
    session = requests.get(server.address + "/_stcore/health", timeout=5)
    assert session.ok
    for method in ("PUT", "POST", "DELETE", "OPTIONS"):
        answer = requests.request(
            method, server.address + "/_stcore/upload_file/some-session/some-file", data=b"x" * 1000, timeout=5
        )
        assert answer.status_code == 404


def test_refusals_stay_sentences(server):
    answer = requests.post(server.address + ADDRESS, data=b"x", timeout=5)
    assert answer.status_code == 403
    sentence(answer)
