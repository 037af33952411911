"""A login that has ended, sent beside one that has not: the session must not take one for the other."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core.workspace import Workspace
from pages.server.doors import with_one_cookie
from tests.server.conftest import PAGE, Server
from tests.server.provider import logged_in, provider, variables


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(Workspace(tmp_path_factory.mktemp("home")))
    with provider() as issuer:
        made.start(**variables(made, issuer))
        yield made
        made.stop()


def login_of(session):
    """The cookie of a login alone."""
    return "; ".join(f"{one.name}={one.value}" for one in session.cookies if one.name.startswith("_streamlit_user"))


def seen(server, session, *cookies):
    """All that a tab is shown which sends these headers of cookies, one after the other."""
    session.get(f"{server.address}/_stcore/health", timeout=30)
    xsrf = session.cookies["_streamlit_xsrf"]
    first, *others = cookies
    sent = [f"_streamlit_xsrf={xsrf}; {first}", *others]
    headers = [("Origin", server.address), *(("Cookie", cookie) for cookie in sent)]
    shown = b""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit", xsrf], additional_headers=headers, max_size=None) as tab:
        tab.send(BackMsg(rerun_script={"page_name": ""}).SerializeToString())
        try:
            while ForwardMsg.FromString(said := tab.recv(timeout=90)).WhichOneof("type") != "script_finished":
                shown += said
        except ConnectionClosed:
            return shown
    return shown


def test_an_ended_login_beside_a_live_one_opens_nothing(server):
    ann = logged_in(server, "ann-1")
    stolen = login_of(ann)
    assert b"Ann **A**" in seen(server, ann, stolen).replace(b"\\", b"")  # whom the page greets
    ann.get(f"{server.address}/auth/logout", headers=PAGE, timeout=30, allow_redirects=False)
    ben = logged_in(server, "ben-2")
    for cookies in ([login_of(ben), stolen], [stolen, login_of(ben)], [f"{login_of(ben)}; {stolen}"]):
        assert b"Ann" not in seen(server, ben, *cookies)


def test_cookies_of_several_headers_are_read_as_one():
    headers = [(b"Cookie", b"a=1"), (b"host", b"x"), (b"cookie", b"a=2; b=3")]
    assert with_one_cookie(headers) == [(b"host", b"x"), (b"cookie", b"a=1; a=2; b=3")]
    assert with_one_cookie(headers[1:]) == headers[1:]
    assert with_one_cookie([(b"cookie", b'a=1; b="\\101"; c=3')]) == [(b"cookie", b"a=1; c=3")]
