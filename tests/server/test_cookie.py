"""Each browser is somebody: signed, not guessable, not forgeable."""

from __future__ import annotations

import pytest
import requests

from pages.server.identity.owner import COOKIE, read_cookie, sign, verify
from tests.server.conftest import PAGE


def test_the_page_brings_a_signed_cookie(server):
    answer = requests.get(server.address, headers=PAGE, timeout=5)
    header = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in header.split(";")}
    assert verify(answer.cookies[COOKIE], server.workspace.secret())


def test_a_known_browser_keeps_its_cookie(server):
    browser = server.browser()
    before = browser.cookies[COOKIE]
    assert COOKIE not in browser.get(server.address, headers=PAGE, timeout=5).cookies
    assert browser.cookies[COOKIE] == before


def test_a_forged_cookie_is_replaced(server):
    forged = sign("ann", "another secret")
    answer = requests.get(server.address, headers=PAGE, cookies={COOKIE: forged}, timeout=5)
    assert verify(answer.cookies[COOKIE], server.workspace.secret()) != "ann"


@pytest.mark.parametrize("odd", ['x={"a": 1}', "x=a b", "x[1]=2", "novalue", 'x="a', "a@b=1"])
def test_a_browser_is_known_whatever_cookies_of_other_programs_it_brings(server, odd):
    cookie = f"{odd}; {COOKIE}={server.browser().cookies[COOKIE]}"
    answer = requests.get(server.address, headers={"Cookie": cookie} | PAGE, timeout=5)
    assert answer.ok
    assert COOKIE not in answer.cookies


def test_two_browsers_are_two_owners(server):
    assert server.browser().cookies[COOKIE] != server.browser().cookies[COOKIE]


def test_parts_of_a_page_set_no_cookie(server):
    assert COOKIE not in requests.get(server.address + "/_stcore/health", timeout=5).cookies


def test_only_what_we_signed_is_believed():
    assert verify(sign("ann", "key"), "key") == "ann"
    assert verify(sign("ann", "key")[:-1] + "x", "key") is None
    assert verify("rubbish", "key") is None
    assert verify(None, "key") is None
    assert read_cookie("other=1; amalgam_owner=abc") == "abc"


def test_pages_may_not_be_framed_or_guessed(server):
    headers = requests.get(server.address, headers=PAGE, timeout=5).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"
