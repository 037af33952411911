"""Every answer keeps browsers from guessing, leaking and framing."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.server.headers import HEADERS, SecurityHeaders


def app():
    def plain(request):
        return PlainTextResponse("here")

    def own(request):
        return PlainTextResponse("here", headers={"x-frame-options": "DENY"})

    return SecurityHeaders(Starlette(routes=[Route("/plain", plain), Route("/own", own)]))


@pytest.mark.parametrize("path", ["/plain", "/nowhere"])  # an error has them, too
def test_every_answer_has_them(path):
    found = TestClient(app()).get(path).headers
    assert {name: found.get(name) for name in HEADERS} == HEADERS


def test_what_a_page_sets_itself_stays():
    found = TestClient(app()).get("/own").headers
    assert found["x-frame-options"] == "DENY"
    assert found["x-content-type-options"] == "nosniff"
