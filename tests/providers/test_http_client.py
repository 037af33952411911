"""However badly an endpoint answers: a few more tries where that helps, else one sentence that names it."""

from __future__ import annotations

import json
import threading
import time

import pytest

from core.allowed.endpoint import EndpointSettings
from core.messages import AmalgamError, ModelUnavailable, UnusableData
from core.providers import http_client
from core.providers.http_client import HttpClient, Refused
from tests.providers.hostile import Hostile, chunk, sse

KEY = "sk-very-secret"
WAITS = (0.01, 0.02, 0.03, 0.04)
FINE = sse(chunk("Fine.", "stop"))


@pytest.fixture
def server():
    with Hostile() as started:
        yield started


def asked(server, waits=WAITS):
    """The text that arrives."""
    text = ""
    for part in HttpClient(EndpointSettings(server.url, "m", KEY), waits).events("chat/completions", {"model": "m"}):
        text = "" if part is None else text + "".join(one["delta"]["content"] for one in part["choices"])
    return text


def after(n_failures, fail):
    """Fails so many times, then answers."""
    left = [n_failures]

    def answer(request):
        left[0] -= 1
        fail(request) if left[0] >= 0 else request.send(FINE)

    return answer


def refused(server, kind=ModelUnavailable, waits=WAITS):
    """The sentence that comes of it: it names the host, holds no key, and is short."""
    with pytest.raises(kind) as raised:
        asked(server, waits)
    told = str(raised.value)
    assert f"127.0.0.1:{server.server.server_port}" in told
    assert KEY not in told + repr(raised.value)
    assert len(told) < 400
    return told


@pytest.mark.parametrize("status", sorted(http_client.BUSY))
def test_a_busy_endpoint_is_asked_again(server, status):
    server.answer = after(2, lambda request: request.send_json({}, status))
    assert asked(server) == "Fine."
    assert len(server.asked) == 3


def test_after_four_more_tries_it_is_said_why(server):
    server.answer = lambda request: request.send_json({"error": {"message": f"worker down, key {KEY}"}}, 500)
    assert "worker down, key ***" in refused(server)
    assert len(server.asked) == 5


def test_it_waits_as_long_as_the_endpoint_asks_for(server, monkeypatch):
    server.answer = after(1, lambda request: request.send_json({}, 429, Retry_After="1"))
    began = time.monotonic()
    assert asked(server) == "Fine."
    assert 1 <= time.monotonic() - began < 3
    monkeypatch.setattr(http_client, "MOST_WAIT_SECONDS", 0.2)
    server.answer = after(1, lambda request: request.send_json({}, 429, Retry_After="3600"))
    assert asked(server) == "Fine."
    date = "Wed, 01 Jan 2700 00:00:00 GMT"
    server.answer = after(1, lambda request: request.send_json({}, 503, Retry_After=date))
    assert asked(server) == "Fine."
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_not_tried_again(server, status):
    server.answer = lambda request: request.send_json({"error": {"message": f"no model {KEY}"}}, status)
    told = refused(server, Refused)
    assert str(status) in told
    assert len(server.asked) == 1
    assert ("AMALGAM_LLM_KEY" in told) == (status in {401, 403})


def test_a_dropped_connection_is_tried_again_and_the_answer_begins_anew(server):
    def drop(request):
        request.send(sse(chunk("Half an", None), done=False))
        request.connection.close()

    server.answer = after(2, drop)
    assert asked(server) == "Fine."
    server.answer = drop
    assert "cut off" in refused(server)


def test_a_promised_length_that_does_not_come_is_a_dropped_connection(server):
    server.answer = lambda request: request.send(b'data: {"choi', Content_Length="5000")
    assert "broke off" in refused(server)
    assert len(server.asked) == 5


def test_nobody_there_is_a_sentence():
    with Hostile() as gone:
        pass
    assert "can't be reached" in refused(gone)


@pytest.mark.parametrize("content", [b"data: {not json}\n\n", b"data: [1, 2]\n\n", b"data: " + b"[" * 100_000 + b"\n"])
def test_wrong_json_is_a_sentence(server, content):
    server.answer = lambda request: request.send(content)
    assert "OpenAI’s interface" in refused(server, UnusableData)
    assert len(server.asked) == 1


def test_an_error_inside_of_an_answer_is_a_sentence(server):
    server.answer = lambda request: request.send(sse({"error": {"message": "context too long"}}))
    assert "context too long" in refused(server, UnusableData)


@pytest.mark.parametrize(("status", "words"), [(200, "web page"), (404, "web page"), (502, "web page")])
def test_a_web_page_is_a_sentence(server, status, words):
    server.answer = lambda request: request.send(b"<!doctype html><h1>Welcome</h1>", "text/html", status)
    told = refused(server)
    assert words in told
    assert "<h1>" not in told


def test_no_redirect_is_followed(server):
    with Hostile() as other:
        server.answer = lambda request: request.send(b"", status=307, Location=f"{other.url}/chat/completions")
        assert f"127.0.0.1:{other.server.server_port}" in refused(server)
        assert other.asked == []
    assert len(server.asked) == 1


@pytest.mark.parametrize("line", [b"x" * 50_000, sse(chunk("word ", None), done=False) * 500])
def test_an_endless_answer_is_left(server, monkeypatch, line):
    monkeypatch.setattr(http_client, "LONGEST_ANSWER", 1_000_000)

    def flood(request):
        try:
            for _piece in range(5_000_000 // len(line)):
                request.send(line, end=False)
        except OSError:
            pass
        request.close_connection = True

    server.answer = flood
    assert "does not end" in refused(server, UnusableData)


def test_an_answer_that_drips_for_ever_is_left(server, monkeypatch):
    monkeypatch.setattr(http_client, "LONGEST_SECONDS", 0.3)

    def drip(request):
        try:
            while True:
                request.send(b": still here\n\n", end=False)
                time.sleep(0.05)
        except OSError:
            request.close_connection = True

    server.answer = drip
    assert "does not end" in refused(server, UnusableData)


def test_silence_is_a_sentence_and_not_tried_again(server, monkeypatch):
    monkeypatch.setattr(http_client, "READ_SECONDS", 0.2)
    done = threading.Event()
    server.answer = lambda request: done.wait(5)
    assert "did not answer" in refused(server)
    assert len(server.asked) == 1
    done.set()


def test_whoever_leaves_does_not_wait_for_the_next_try(server):
    server.answer = lambda request: request.send_json({}, 503)
    left = threading.Event()
    left.set()
    began = time.monotonic()
    client = HttpClient(EndpointSettings(server.url, "m"), (60.0,))
    assert list(client.events("chat/completions", {}, left)) == []
    assert client.ask("chat/completions", {}, left) == {}
    assert time.monotonic() - began < 5


def test_what_is_no_utf_8_and_half_a_surrogate_pair_pass(server):
    server.answer = lambda request: request.send(b'data: {"choices": [{"delta": {"content": "\xff"}, "finish_reason": '
                                                 b'"stop"}]}\n\n')  # fmt: skip
    client = HttpClient(EndpointSettings(server.url, "m"), WAITS)
    (part,) = client.events("chat/completions", {"text": "\ud800"})
    assert part["choices"][0]["delta"]["content"] == "�"
    assert server.asked == [{"text": "\ud800"}]


def test_an_endpoint_that_does_not_stream_is_understood(server):
    server.answer = lambda request: request.send_json(chunk("Fine.", "stop"))
    assert asked(server) == "Fine."


def test_the_key_goes_in_a_header_and_in_none_where_there_is_none(server):
    headers = []

    def answer(request):
        headers.append(request.headers.get("Authorization"))
        request.send(FINE)

    server.answer = answer
    asked(server)
    HttpClient(EndpointSettings(server.url, "m")).ask("chat/completions", {})
    assert headers == [f"Bearer {KEY}", None]
    assert KEY not in json.dumps(server.asked)


def test_every_sentence_is_one_of_ours(server):
    server.answer = lambda request: request.send(b"nonsense", "text/plain")
    with pytest.raises(AmalgamError):
        asked(server)


def test_no_proxy_reads_what_goes_to_a_machine_nearby_in_clear_text(monkeypatch):
    with Hostile() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        client = HttpClient(EndpointSettings("http://10.255.255.1:9/v1", "m", "secret"), waits=())
        client._client.timeout = 1
        with pytest.raises(AmalgamError):
            client.ask("chat/completions", {"messages": ["private"]})
        assert proxy.asked == []
