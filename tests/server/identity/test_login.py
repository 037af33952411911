"""Login at a real provider: nobody gets in without, everybody is somebody, and what has ended counts no more."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import psutil
import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from core.workspace import Workspace
from pages.server.identity.owner import COOKIE, sign
from pages.server.identity.person import login_owner
from tests.server.conftest import PAGE, ROOT, Server, free_port, sentence
from tests.server.provider import SECRET, logged_in, provider, start_of_login, variables

UPLOAD = "/amalgam/upload?name=a.csv"


@pytest.fixture(scope="module")
def issuer():
    with provider() as address:
        yield address


@pytest.fixture(scope="module")
def server(tmp_path_factory, issuer):
    made = Server(Workspace(tmp_path_factory.mktemp("home")))
    made.start(**variables(made, issuer))
    yield made
    made.stop()


def upload(server, session):
    return session.post(server.address + UPLOAD, data=b"a,b\n1,2\n", timeout=5)


def owners(server):
    with server.workspace.reading() as database:
        return {row["owner"] for row in database.execute("SELECT owner FROM uploads")}


def copy_of(session):
    """Another browser with the same cookies, as a thief has them."""
    thief = requests.Session()
    thief.cookies.update(session.cookies)
    return thief


def spoken(server, session):
    """Open the websocket with a browser's cookies.  →  the open connection"""
    cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    raw = socket.create_connection(("127.0.0.1", server.port))
    headers = {"Cookie": cookie, "Origin": server.address}
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    return connect(address, sock=raw, subprotocols=["streamlit"], additional_headers=headers, open_timeout=10)


def read_on(websocket):
    """Take what still comes, until the other side closes or says nothing more."""
    while True:
        websocket.recv(timeout=10)


@pytest.mark.parametrize("path", ["/amalgam/download/0/x", "/amalgam/download/job-log/0", "/media/x", "/media/x.csv"])
def test_without_login_nothing_is_there(server, path):
    assert requests.get(server.address + path, timeout=5).status_code == 403


def test_the_login_page_has_its_fonts(server):
    """They lie below a folder called media, too, which is no file of anybody's."""
    assert requests.get(server.address + "/static/media/none.woff2", timeout=5).status_code != 403


def test_without_login_nothing_is_taken(server):
    refused = upload(server, requests.Session())
    assert refused.status_code == 403
    assert "not logged in" in sentence(refused)


def test_the_cookie_of_a_browser_is_no_login(server):
    session = requests.Session()
    session.cookies.set(COOKIE, sign("ann", server.workspace.secret()))
    assert upload(server, session).status_code == 403


def test_two_people_are_two_owners_by_issuer_and_subject(server, issuer):
    assert upload(server, logged_in(server, "ann-1")).ok
    assert upload(server, logged_in(server, "ben-2")).ok
    assert owners(server) >= {login_owner(issuer, "ann-1"), login_owner(issuer, "ben-2")}


def test_another_person_on_the_same_browser_is_not_the_first_one(server, issuer):
    session = logged_in(server, "ann-1")
    mine = upload(server, session).json()["upload"]
    session.get(server.address + "/auth/logout", headers=PAGE, timeout=10, allow_redirects=False)
    form = session.get(start_of_login(server), timeout=10)
    session.post(form.url, data={"sub": "ben-2"}, timeout=10)
    his = upload(server, session).json()["upload"]
    assert server.workspace.upload(mine, login_owner(issuer, "ann-1"))
    assert server.workspace.upload(his, login_owner(issuer, "ben-2"))


def test_after_a_logout_a_copy_of_the_cookie_is_worth_nothing(server):
    session = logged_in(server, "ann-1")
    thief, other = copy_of(session), logged_in(server, "ann-1")
    assert upload(server, thief).ok
    session.get(server.address + "/auth/logout", timeout=10, allow_redirects=False)
    assert upload(server, session).status_code == 403
    assert upload(server, thief).status_code == 403
    assert upload(server, other).ok  # the same person's other login goes on


def test_a_websocket_ends_with_its_login(server):
    session = logged_in(server, "ben-2")
    with spoken(server, session) as websocket:
        websocket.send(b"")
        session.get(server.address + "/auth/logout", timeout=10, allow_redirects=False)
        websocket.send(b"")
        with pytest.raises(ConnectionClosed):
            read_on(websocket)


def test_another_site_logs_nobody_out(server):
    session = logged_in(server, "ann-1")
    headers = {"sec-fetch-site": "cross-site"}
    assert session.get(server.address + "/auth/logout", headers=headers, timeout=10).status_code == 403
    assert upload(server, session).ok


def test_what_has_ended_stays_ended_and_what_has_not_goes_on_after_a_restart(workspace, issuer):
    made = Server(workspace)
    try:
        made.start(**variables(made, issuer))
        goes_on, over = logged_in(made, "ann-1"), logged_in(made, "ben-2")
        thief = copy_of(over)
        over.get(made.address + "/auth/logout", timeout=10, allow_redirects=False)
        made.stop()
        made.start(**variables(made, issuer))
        assert upload(made, goes_on).ok
        assert upload(made, thief).status_code == 403
    finally:
        made.stop()


def test_no_process_but_the_server_knows_the_secret(server):
    files = [path for path in server.workspace.home.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
    children = psutil.Process(server.process.pid).children(recursive=True)
    assert children
    assert not any(SECRET in child.environ().values() for child in children)


HALF = {"AMALGAM_LOGIN_ISSUER": "https://id.example", "AMALGAM_LOGIN_CLIENT": "amalgam"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "AMALGAM_LOGIN_SECRET, AMALGAM_LOGIN_REDIRECT is missing"),
        ({"AMALGAM_LOGIN_SECRET_FILE": "/nowhere/secret"}, "can't be read"),
    ],
)
def test_a_login_set_up_by_half_is_said_at_the_start(tmp_path, more, words):
    chosen = {"AMALGAM_HOME": str(tmp_path / "home"), "AMALGAM_PORT": str(free_port()), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT, env=os.environ | chosen | HALF | more, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_nobody_opens_the_websocket_of_another_site_with_a_login(server):
    session = logged_in(server, "ann-1")
    cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    headers = {"Cookie": cookie, "Origin": "http://127.0.0.1:9"}
    with pytest.raises(InvalidStatus):
        connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], additional_headers=headers)
