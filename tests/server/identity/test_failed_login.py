"""Where the provider is down, slow, talks nonsense or says no, a person reads one sentence and finds the way back."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
import requests
from starlette.requests import Request

from core.workspace import Workspace
from pages.server.identity import failed_login
from pages.server.identity.failed_login import is_refusal, logs_nobody_in
from tests.server.conftest import PAGE, Server
from tests.server.provider import logged_in, provider, start_of_login, variables


class Odd:
    """Somebody in the provider's place who answers everything alike, as told; None: never."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.content, self.held = None, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _where = self.listener.accept()
            except OSError:
                return
            if self.content is None:
                self.held.append(client)
            else:
                client.recv(65536)
                client.sendall(self.content)
                client.close()

    def leave(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A server whose provider is odd.  →  both"""
    told = Odd()
    server = Server(Workspace(tmp_path_factory.mktemp("home")))
    server.start(**variables(server, told.address))
    yield server, told
    server.stop()


def reads_a_sentence(answer, status, words, back="/"):
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert words in answer.text
    assert f'<a href="{back}">' in answer.text
    assert "Traceback" not in answer.text
    assert "Authentication error" not in answer.text


JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]"
ERROR = b"HTTP/1.1 500 Oh\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"


@pytest.mark.parametrize("content", [None, JSON, ERROR, b"\x00\xff\r\n\r\n", b"", "nobody"], ids=repr)
def test_a_provider_that_is_down_is_one_sentence(odd, content):
    server, told = odd
    if content == "nobody":
        told.leave()
    told.content = content
    began = time.monotonic()
    answer = requests.get(start_of_login(server), headers=PAGE, timeout=60)
    assert time.monotonic() - began < 30
    reads_a_sentence(answer, 503, "The login provider does not answer")
    assert requests.get(server.address, headers=PAGE, timeout=30).ok  # the way back


def test_the_sentence_is_in_the_browsers_language(odd):
    server, told = odd
    told.content = b""
    answer = requests.get(start_of_login(server), headers=PAGE | {"accept-language": "zh-CN"}, timeout=60)
    assert 'lang="zh-CN"' in answer.text
    assert "The login" not in answer.text


def test_who_comes_back_without_a_login_reads_so_and_a_good_login_still_works(workspace):
    server = Server(workspace)
    with provider() as issuer:
        try:
            server.start(**variables(server, issuer))
            for query in ("error=access_denied&error_description=%0d%0aset-cookie:x=1<script>", "code=x&state=y"):
                answer = requests.get(f"{server.address}/oauth2callback?{query}", headers=PAGE, timeout=30)
                reads_a_sentence(answer, 403, "You are not logged in")
                assert "script" not in answer.text
            gone = requests.get(f"{server.address}/oauth2callback", headers=PAGE, allow_redirects=False, timeout=30)
            assert gone.status_code == 302  # who comes back from a logout sees the login page
            session = logged_in(server, "ann-1")
            stale = session.get(f"{server.address}/oauth2callback?code=x&state=y", allow_redirects=False, timeout=30)
            assert stale.status_code == 302  # who is logged in goes on
        finally:
            server.stop()


def test_a_cookie_that_is_taken_away_is_no_login():
    def start(*cookies):
        return {"status": 302, "headers": [(b"Set-Cookie", one) for one in cookies]}

    assert logs_nobody_in(start())
    assert logs_nobody_in(start(b'_streamlit_user=""; Max-Age=0', b"_streamlit_user_tokens=abc"))
    assert not logs_nobody_in(start(b"_streamlit_user=abc; Path=/"))
    assert is_refusal({"status": 400})
    assert not is_refusal({"status": 302})
    assert failed_login.MOST_SECONDS < 20


def test_a_step_without_an_end_is_a_sentence_too(monkeypatch):
    monkeypatch.setattr(failed_login, "MOST_SECONDS", 0.05)
    scope, told = {"type": "http", "method": "GET", "headers": []}, []
    page = failed_login.failed_page(Request(scope), failed_login.NO_ANSWER, 503, "/")

    async def never(_scope, _receive, _send):
        await asyncio.Event().wait()

    async def tell(message):
        told.append(message)

    async def step():
        async with asyncio.timeout(5):
            await failed_login.or_a_sentence(never, scope, None, tell, is_refusal, page)

    asyncio.run(step())
    assert told[0]["status"] == 503
