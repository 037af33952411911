"""Who is let in: another site steers no session, a name that is not ours gets nothing, figures are behind a switch."""

from __future__ import annotations

import socket

import pytest
import requests
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from pages.server.doors import MOST_COOKIES, TOO_MANY
from pages.server.identity.owner import COOKIE
from tests.jobs.conftest import until
from tests.server.conftest import PAGE, Server

METRICS = "/_stcore/metrics"


def opened(server, **headers):
    """Open the app's websocket as a known browser does, with these headers.  →  whether the server agrees"""
    sent = {"Cookie": f"{COOKIE}={server.browser().cookies[COOKIE]}"} | headers
    host = sent.pop("Host", None)
    address = f"ws://{host or f'127.0.0.1:{server.port}'}/_stcore/stream"
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        try:
            connect(address, sock=raw, subprotocols=["streamlit"], additional_headers=sent, open_timeout=10).close()
        except InvalidStatus as refused:
            if refused.response.status_code != 403:
                raise
            return False
    return True


def test_our_own_page_opens_the_websocket(server):
    assert opened(server, Origin=server.address)
    assert opened(server)  # a program that is no browser sends none
    assert opened(server, Host=f"localhost:{server.port}", Origin=f"http://localhost:{server.port}")


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:9", "http://localhost:{port}", "http://evil.example", "null", "http://127.0.0.1"]
)
def test_a_page_of_another_origin_does_not_open_the_websocket(server, origin):
    assert not opened(server, Origin=origin.format(port=server.port))


def test_what_the_browser_itself_calls_foreign_does_not_open_the_websocket(server):
    assert not opened(server, **{"Sec-Fetch-Site": "same-site"})


def test_a_name_turned_over_to_this_machine_opens_nothing(server):
    name = f"evil.example:{server.port}"
    assert not opened(server, Host=name, Origin=f"http://{name}")


@pytest.mark.parametrize(
    "path", ["/", "/compare", "/_stcore/health", "/amalgam/download/x/y", "/_stcore/host-config", "/static/none.js"]
)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "a@127.0.0.1", ""])
def test_a_name_that_is_not_ours_gets_one_sentence(server, path, host):
    answer = requests.get(server.address + path, headers={"host": host} | PAGE, timeout=5)
    assert answer.status_code == 400
    assert "AMALGAM_HOSTS" in answer.text
    assert COOKIE not in answer.cookies


def test_the_sentence_about_a_name_is_in_the_browsers_language(server):
    headers = {"host": "evil.example", "accept-language": "zh-CN"}
    assert "Amalgam 不" in requests.get(server.address, headers=headers, timeout=5).text


def test_an_upload_for_another_name_is_refused(server):
    address = server.address + "/amalgam/upload?name=a.csv"
    headers = {"host": "evil.example", "origin": "http://evil.example"}
    assert server.browser().post(address, data=b"a,b", headers=headers, timeout=5).status_code == 400


@pytest.mark.parametrize("path", [METRICS, METRICS + "/", "/_stcore/%6detrics"])
def test_figures_are_not_told_to_everybody(server, path):
    assert requests.get(server.address + path, timeout=5).status_code == 404


def test_what_the_server_is_told_to_open_is_open(workspace):
    made = Server(workspace).start(AMALGAM_METRICS="1", AMALGAM_HOSTS="lab.example, *.school.example")
    try:
        assert "sessions" in requests.get(made.address + METRICS, timeout=5).text
        for host in ("lab.example", "a.school.example:8501", "localhost"):
            assert requests.get(made.address, headers={"host": host} | PAGE, timeout=5).ok
        assert requests.get(made.address, headers={"host": "school.example"}, timeout=5).status_code == 400
    finally:
        made.stop()


def test_so_many_tabs_from_one_address_and_others_still_come_in(workspace):
    made = Server(workspace).start(AMALGAM_TABS_PER_ADDRESS="2")

    def tab(place):
        """As a proxy on this machine passes it on, which is believed."""
        address = f"ws://127.0.0.1:{made.port}/_stcore/stream"
        return connect(address, subprotocols=["streamlit"], additional_headers={"X-Forwarded-For": place})

    def sentence(**headers):
        """What one too many is sent to."""
        sent = {"X-Forwarded-For": "203.0.113.7"} | headers
        return requests.get(made.address + TOO_MANY, headers=sent, timeout=5, allow_redirects=False)

    try:
        first, second = tab("203.0.113.7"), tab("203.0.113.7")
        assert sent_to(tab("203.0.113.7")) == TOO_MANY
        others = [tab("203.0.113.8"), *(tab("127.0.0.1") for _n in range(3))]
        told, from_a_page = sentence(), sentence(referer=f"{made.address}/?share=x")
        assert (told.status_code, told.headers["cache-control"]) == (503, "no-store")
        assert "(2)" in told.text
        assert '<a href="/">Try again' in told.text
        assert f'<a href="{made.address}/?share=x">' in from_a_page.text
        for odd in ("http://evil.example/", f"javascript://127.0.0.1:{made.port}/", "http://["):
            assert '<a href="/">' in sentence(referer=odd).text
        assert "你" in sentence(**{"accept-language": "zh-CN"}).text
        assert all(map(stays_open, (first, second, *others)))
        first.close()
        until(lambda: sentence().status_code == 303)
        third = tab("203.0.113.7")
        assert stays_open(third)
        for one in (second, third, *others):
            one.close()
    finally:
        made.stop()


def sent_to(tab):
    """The address that a refused tab is told to go to, before its websocket ends."""
    address = ForwardMsg.FromString(tab.recv(timeout=10)).auth_redirect.url
    with pytest.raises(ConnectionClosed):
        tab.recv(timeout=10)
    return address


def stays_open(tab):
    return tab.ping().wait(10) and tab.close_code is None


@pytest.mark.parametrize("size", [12_000, 64_000])
def test_what_other_programs_left_keeps_no_tab_from_opening(server, size):
    left = "; ".join(f"other-{n}={'x' * 3900}" for n in range(size // 3912))
    cookie = f"{COOKIE}={server.browser().cookies[COOKIE]}"
    assert opened(server, Cookie=f"{left}; {cookie}")
    assert opened(server, Cookie=f"{cookie}; {left}")


def test_more_cookies_than_a_tab_can_open_with_are_one_sentence(server):
    headers = {"Cookie": "a=" + "x" * MOST_COOKIES, "accept-language": "zh"} | PAGE
    answer = requests.get(server.address, headers=headers, timeout=5)
    assert answer.status_code == 431
    assert "64 kB" in answer.text
    assert "“amalgam_owner”" in answer.text
    headers["Cookie"] = "a=" + "x" * (MOST_COOKIES - 2)
    assert requests.get(server.address, headers=headers, timeout=5).ok
    assert opened(server, Cookie=headers["Cookie"])


def test_a_cookie_that_is_slow_to_read_holds_nobody_up(server):
    """For sixty thousand backslashes Python's parser takes half a minute, in which nobody is served."""
    slow = 'a="' + "\\" * 60_000 + '"'
    assert requests.get(server.address, headers={"Cookie": slow} | PAGE, timeout=5).ok
    assert opened(server, Cookie=slow)
    assert requests.get(server.address + "/_stcore/health", timeout=5).ok
