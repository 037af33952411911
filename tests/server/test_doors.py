"""Who is let in: another site steers no session, a name that is not ours gets nothing, figures are behind a switch."""

from __future__ import annotations

import socket

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

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
            return refused.response.status_code != 403
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

    try:
        first, second = tab("203.0.113.7"), tab("203.0.113.7")
        with pytest.raises(InvalidStatus, match="403"):
            tab("203.0.113.7")
        others = [tab("203.0.113.8"), *(tab("127.0.0.1") for _n in range(3))]
        first.close()
        until(lambda: opens(tab, "203.0.113.7"))
        for one in (second, *others):
            one.close()
    finally:
        made.stop()


def opens(tab, place):
    try:
        tab(place).close()
    except InvalidStatus:
        return False
    return True
