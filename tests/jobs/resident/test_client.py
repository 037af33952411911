"""The resident worker: its protocol in this process, and its life as a process of the dispatcher's."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.jobs.resident import client as resident
from core.jobs.resident import protocol
from core.jobs.resident.client import Call, ask
from core.jobs.resident.pool import Held
from core.jobs.resident.protocol import LONGEST_LINE, Malformed, address, address_file, parse
from core.jobs.resident.server import Residence
from core.messages import AmalgamError, Cancelled
from core.workspace import Workspace
from tests.jobs.conftest import COMMAND, ROOT, until
from tests.jobs.resident_ops import OPS
from tests.jobs.test_processes import gone


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A workspace whose resident worker runs in this process."""
    workspace = Workspace(tmp_path_factory.mktemp("resident") / "home")
    residence = Residence(workspace, OPS, idle_seconds=60)
    thread = threading.Thread(target=residence.run)
    thread.start()
    yield workspace
    residence.leaving.set()
    thread.join(timeout=5)
    assert not address_file(workspace).exists()


@pytest.fixture
def plain(here):
    """A bare connection.  →  send a line, read a line"""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address(here))
        lines = client.makefile("rb")

        def exchange(text: bytes) -> dict:
            client.sendall(text + b"\n")
            return json.loads(lines.readline())

        yield exchange


def test_a_question_is_answered_to_its_owner(here):
    assert ask(here, "echo", {"x": 1}, "ann") | {"pid": 0, "nice": 0} == {
        "args": {"x": 1},
        "owner": "ann",
        "pid": 0,
        "nice": 0,
    }


def test_parts_come_in_order_before_the_whole(here):
    call = Call(here, "steps", {"n": 5}, "ann")
    call.wait(5)
    assert [part["step"] for part in call.parts] == list(range(5))
    assert call.result == {"steps": 5}


def test_a_cancelled_question_stops(here):
    call = Call(here, "steps", {"n": 1000, "seconds": 0.02}, "ann")
    call.wait(5, parts=1)
    call.cancel()
    call.wait(2)
    assert isinstance(call.error, Cancelled)
    n = len(call.parts)
    time.sleep(0.2)
    assert len(call.parts) == n < 100


def test_a_question_whose_asker_has_left_stops(here, plain):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(address(here))
        client.sendall(b'{"id": "left", "op": "steps", "args": {"n": 1000, "seconds": 0.02}}\n')
        client.recv(10)
    until(lambda: plain(b'{"id": "left", "op": "echo"}')["event"] == "done", 2)


@pytest.mark.parametrize(
    ("op", "code", "sentence"),
    [
        ("wrong", "unusable_data", "Row 3 is missing."),
        ("broken", "bug", "This is our fault"),
        ("nothing", "unknown_choice", "“nothing” is not something"),
    ],
)
def test_failures_are_said_in_words(here, op, code, sentence):
    with pytest.raises(AmalgamError) as caught:
        ask(here, op, {}, "ann")
    assert caught.value.code == code
    assert sentence in str(caught.value.message)
    assert "secret details" not in str(caught.value)


def test_a_number_json_has_no_word_for_is_null(here):
    assert ask(here, "endless_number", {}, "ann") == {"number": None}


def test_an_id_is_used_once_at_a_time(plain):
    assert plain(b'{"id": "a", "op": "steps", "args": {"n": 100}}')["event"] == "partial"
    while (answer := plain(b'{"id": "a", "op": "echo"}'))["event"] == "partial":
        pass
    assert answer["data"]["code"] == "malformed"
    plain(b'{"id": "a", "op": "cancel"}')


texts = st.one_of(
    st.binary(max_size=80),
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), lambda s: st.lists(s, max_size=3)).map(
        lambda value: json.dumps(value).encode()
    ),
    st.fixed_dictionaries({"id": st.text(max_size=70), "op": st.sampled_from(["echo", 3, ""])}).map(
        lambda value: json.dumps(value).encode()
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts.map(lambda text: text.replace(b"\n", b"")))
def test_any_line_gets_one_line_back_and_the_next_request_is_answered(plain, text):
    answer = plain(text)
    try:
        asked = parse(text)
    except Malformed:
        assert (answer["event"], answer["data"]["code"], answer["data"]["ours"]) == ("error", "malformed", False)
    else:
        assert answer["id"] == asked.id
    assert "Traceback" not in json.dumps(answer)
    assert plain(b'{"id": "next", "op": "echo", "args": {"n": 1}}')["data"]["args"] == {"n": 1}


def test_a_line_that_never_ends_is_refused(plain):
    assert plain(b"x" * (LONGEST_LINE + 1))["data"]["code"] == "malformed"


def test_only_this_user_reaches_it(here):
    folder = here.home / "run"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(os.stat(address(here)).st_mode) == 0o600


def test_a_workspace_with_a_long_path_has_its_socket_elsewhere(tmp_path):
    workspace = Workspace(tmp_path / ("long" * 25))
    residence = Residence(workspace, OPS, idle_seconds=0.0)
    place = address(workspace)
    assert len(place) < 100
    assert stat.S_IMODE(os.stat(place).st_mode) == 0o600
    residence.run()  # idle at once
    assert not os.path.exists(os.path.dirname(place))


def test_few_things_are_held_and_the_longest_unused_leaves():
    held, made = Held(2), []

    def use(key):
        with held.use(key, lambda: made.append(key), lambda: None):
            pass

    for key in "abacab":
        use(key)
    assert made == ["a", "b", "c", "b"]
    assert len(held) == 2


# As a process


class Dispatching:
    """A dispatcher whose resident worker knows the tests' questions."""

    def __init__(self, workspace):
        self.workspace = workspace

    def start(self, **variables):
        self.process = subprocess.Popen(
            [*COMMAND, "--ops", "tests.jobs.resident_ops:OPS", "--home", str(self.workspace.home)],
            cwd=ROOT,
            env=os.environ | variables,
        )
        return self

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=10)


@pytest.fixture
def dispatching(workspace):
    made = Dispatching(workspace)
    yield made
    made.stop()


def test_it_starts_when_asked_holds_what_it_opened_and_leaves_with_the_dispatcher(dispatching, workspace):
    dispatching.start()
    answer = ask(workspace, "echo", {}, "ann")
    assert answer["nice"] >= 5
    first, again = (ask(workspace, "opened", {"name": "x"}, "ann")["thing"] for _time in range(2))
    assert first == again
    dispatching.process.kill()
    until(lambda: gone(answer["pid"]), 8)


@pytest.mark.slow
def test_one_that_was_killed_is_started_again_and_an_ordinary_stop_ends_it(dispatching, workspace):
    dispatching.start(AMALGAM_JOB_MEMORY_MB="400")
    pid = ask(workspace, "echo", {}, "ann")["pid"]
    os.kill(pid, signal.SIGKILL)
    again = ask(workspace, "echo", {}, "ann")["pid"]
    assert again != pid
    with pytest.raises(AmalgamError, match="ended before it had answered"):
        ask(workspace, "die", {}, "ann")
    call = Call(workspace, "greedy", {}, "ann")
    call.wait(30)
    assert "memory" in str(call.error)
    last = ask(workspace, "echo", {}, "ann")["pid"]
    dispatching.stop()
    until(lambda: gone(last), 3)


def test_it_leaves_when_nobody_asks(dispatching, workspace):
    dispatching.start(AMALGAM_RESIDENT_IDLE_MINUTES="0.01")
    pid = ask(workspace, "echo", {}, "ann")["pid"]
    until(lambda: gone(pid), 8)
    assert ask(workspace, "echo", {}, "ann")["pid"] != pid


def test_without_a_dispatcher_the_reason_is_said(workspace, monkeypatch):
    monkeypatch.setattr(resident, "ALONE_SECONDS", 0.2)
    with pytest.raises(AmalgamError, match="did not start"):
        ask(workspace, "echo", {}, "ann")
    assert protocol.wanted_file(workspace).exists()
