"""What a tab may send over the websocket, and what no tab would: the server goes on, for this one and for others."""

from __future__ import annotations

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from pages.server.identity.owner import COOKIE, sign
from scripts.fuzz import broken
from scripts.fuzz.hunt import Hunt
from scripts.fuzz.served import Attacked

PAGES = st.one_of(st.sampled_from(["", "data", "compare", "results", "explain", "use", "lab", "tasks"]), st.text())
QUERIES = st.one_of(
    st.just(""),
    st.text(max_size=60),
    st.sampled_from(["dataset=x", "run=../..", "run=%00&dataset=%ff", "lang=zh_CN", "code=AAAA", f"run={'a' * 5000}"]),
)  # fmt: skip
ANSWER_SECONDS = 0.3  # to hear what comes; the checks afterwards wait longer


@st.composite
def messages(draw: broken.Draw) -> bytes:
    """A message as a tab sends it, with odd content."""
    kind = draw(st.integers(0, 5))
    if kind < 4:
        widgets = [
            {"id": draw(st.text(max_size=30)), draw(st.sampled_from(["string_value", "trigger_value", "int_value"])): 1}
            for _turn in range(draw(st.integers(0, 2)))
        ]
        for widget in widgets:
            if "string_value" in widget:
                widget["string_value"] = draw(st.text(max_size=30))
            if "trigger_value" in widget:
                widget["trigger_value"] = True
        state = {
            "page_name": draw(PAGES),
            "query_string": draw(QUERIES),
            "page_script_hash": draw(st.one_of(st.just(""), st.text(max_size=20))),
            "fragment_id": draw(st.one_of(st.just(""), st.text(max_size=20))),
            "is_auto_rerun": draw(st.booleans()),
            "widget_states": {"widgets": widgets},
        }
        return BackMsg(rerun_script=state).SerializeToString()
    if kind == 4:
        name = draw(
            st.sampled_from(["clear_cache", "stop_script", "load_git_info", "app_heartbeat", "set_run_on_save"])
        )
        return BackMsg(**{name: True}).SerializeToString()
    asked = {"request_id": draw(st.text(max_size=10)), "file_names": draw(st.lists(st.text(max_size=10), max_size=3))}
    return BackMsg(file_urls_request=asked).SerializeToString()


@st.composite
def frames(draw: broken.Draw) -> list[bytes | str]:
    """A few frames, some as a tab sends them."""
    sent: list[bytes | str] = []
    for _turn in range(draw(st.integers(1, 4))):
        match draw(st.integers(0, 5)):
            case 0:
                sent.append(draw(st.binary(max_size=200)))
            case 1:
                sent.append(draw(st.text(max_size=50)))
            case 2:
                sent.append(broken.broken_bytes(draw, draw(messages())))
            case _:
                sent.append(draw(messages()))
    return sent


def send(attacked: Attacked, sent: list[bytes | str]) -> None:
    """Send these over one websocket, and hear a little of what comes."""
    address = f"ws://127.0.0.1:{attacked.server.port}/_stcore/stream"
    headers = {"Cookie": f"{COOKIE}={sign('fuzz', attacked.server.workspace.secret())}"}
    try:
        with connect(address, subprotocols=["streamlit"], additional_headers=headers, close_timeout=5) as socket:
            for frame in sent:
                socket.send(frame)
            while True:
                socket.recv(timeout=ANSWER_SECONDS)
    except (ConnectionClosed, InvalidHandshake, TimeoutError):
        return


def attack(hunt: Hunt, chosen: settings, number: int, attacked: Attacked) -> None:
    """Open some websockets."""

    @seed(number)
    @chosen
    @given(frames())
    def sent(these: list[bytes | str]) -> None:
        with hunt.trying(repr(these)):
            send(attacked, these)
            attacked.check()

    sent()
