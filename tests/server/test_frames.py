"""A frame that no tab sends ends its websocket; the log stays clean and the others go on."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from core.workspace import Workspace
from pages.server.frames import PROTOCOL_ERROR, is_message
from pages.server.identity.owner import COOKIE
from tests.server.conftest import Server

VISIT = BackMsg(rerun_script={"page_name": "data"}).SerializeToString()


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A server, and the file of its log."""
    folder = tmp_path_factory.mktemp("logged")
    made = Server(Workspace(folder / "home")).start(log=folder / "server.log")
    yield made, folder / "server.log"
    made.stop()


def tab(server):
    headers = {"Cookie": f"{COOKIE}={server.browser().cookies[COOKIE]}"}
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], additional_headers=headers, max_size=None)


def drawn(socket):
    """Wait until the page has been drawn."""
    while ForwardMsg.FromString(socket.recv(timeout=60)).WhichOneof("type") != "script_finished":
        pass


def closed_with(socket):
    try:
        while True:
            socket.recv(timeout=60)
    except ConnectionClosed as end:
        return end.rcvd.code


@pytest.mark.parametrize("frame", ["text", "", b"\xff\xff\xff\xff", b"\x0a\xff", VISIT[:-1]], ids=repr)
def test_a_frame_that_is_no_message_ends_its_websocket_alone(logged, frame):
    server, log = logged
    with tab(server) as good, tab(server) as bad:
        bad.send(VISIT)  # so that something is on its way to it
        bad.send(frame)
        assert closed_with(bad) == PROTOCOL_ERROR
        good.send(VISIT)
        drawn(good)
    assert "Traceback" not in log.read_text()


def test_what_a_tab_sends_is_a_message():
    assert is_message(VISIT)
    assert is_message(b"")  # a message with nothing in it
    assert not is_message(None)
