"""Where people log in, there is the login page and nothing else until they have."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import navigation
from tests.pages.conftest import ROUTER, words


@pytest.fixture
def stranger(workspace, monkeypatch) -> AppTest:
    """The app as somebody sees it who has not logged in."""
    monkeypatch.setenv("AMALGAM_LOGIN_ISSUER", "https://id.example")
    return AppTest.from_file(str(ROUTER), default_timeout=30).run()


@pytest.mark.parametrize("stop", list(navigation.ALL.values()), ids=list(navigation.ALL))
def test_no_page_shows_anything_to_a_stranger(stranger, stop):
    stranger.switch_page(str(stop.file))
    stranger.run()
    assert not stranger.exception
    assert [title.value for title in stranger.title] == ["Log in"]
    assert [button.key for button in stranger.button] == ["log-in"]


def test_a_stranger_has_no_name_and_no_way_out(stranger):
    assert "Log out" not in words(stranger)
    assert len(stranger.sidebar.caption) == 0


def test_where_nobody_logs_in_there_is_no_way_out_either(app):
    assert not [button for button in app.run().button if button.key == "log-out"]
