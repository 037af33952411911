"""What a page's part asks for while another page is being opened is answered under that other page."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from websockets.sync.client import connect

from core.jobs import client
from pages.server.identity.owner import COOKIE
from pages.server.late_fragments import keep_the_page
from tests.jobs.kinds import KINDS, Params


@pytest.fixture
def tab(server, nothing_to_run_again):
    """A tab of somebody whose job is at work, so that the sidebar looks again by itself on every page."""
    client.submit(server.workspace, kind="held", owner="ann", params=Params(n=60), kinds=KINDS)
    headers = {"Cookie": f"{COOKIE}={server.browser('ann').cookies[COOKIE]}"}
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as socket:
        yield socket


def ask(socket, **wanted):
    socket.send(BackMsg(rerun_script=wanted).SerializeToString())


def heard(socket, last="script_finished"):
    """All that is told up to the first message of that kind."""
    told = []
    while not told or told[-1].WhichOneof("type") != last:
        told.append(ForwardMsg.FromString(socket.recv(timeout=60)))
    return told


def opened(socket, page):
    """The page's key, and a part of it that looks again by itself."""
    ask(socket, page_name=page)
    told = heard(socket)
    (key,) = {one.navigation.page_script_hash for one in told if one.WhichOneof("type") == "navigation"}
    return key, [one.auto_rerun.fragment_id for one in told if one.WhichOneof("type") == "auto_rerun"]


def test_a_part_of_the_page_before_does_not_undo_the_page_after(tab):
    after, _parts = opened(tab, "tasks")
    before, (part, *_more) = opened(tab, "data")
    assert before != after
    ask(tab, page_script_hash=after)
    told = heard(tab, "new_session")  # begun: two requests that wait together would be one run
    ask(tab, page_script_hash=before, fragment_id=part, is_auto_rerun=True)
    told += heard(tab) + heard(tab)
    announced = [one.new_session.page_script_hash for one in told if one.WhichOneof("type") == "new_session"]
    assert announced == [after, after]


def test_a_part_that_is_there_is_drawn_again(tab):
    key, (part, *_more) = opened(tab, "data")
    ask(tab, page_script_hash=key, fragment_id=part, is_auto_rerun=True)
    drawn = [one.delta.fragment_id for one in heard(tab) if one.WhichOneof("type") == "delta"]
    assert drawn
    assert set(drawn) == {part}


def test_a_page_that_is_waited_for_is_not_replaced_by_a_part_of_the_page_before():
    """Both are asked for while something else runs, so that they are one request when their turn comes."""
    keep_the_page()
    requests = ScriptRequests()
    requests.request_rerun(RerunData(page_script_hash="after", page_name="after", query_string="run=1"))
    requests.request_rerun(RerunData(page_script_hash="before", fragment_id="part", query_string=""))
    taken = requests.on_scriptrunner_ready().rerun_data
    assert (taken.page_script_hash, taken.page_name, taken.query_string) == ("after", "after", "run=1")
    assert taken.fragment_id_queue == []
