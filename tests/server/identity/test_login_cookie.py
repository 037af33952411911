"""A login's cookie: only what this home signed is believed, in one piece or in several."""

from __future__ import annotations

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from core.workspace import Workspace
from pages.server.identity.login_cookie import cookie_key, read_login, without_login

NAME = "_streamlit_user"


def request(**cookies: str) -> dict:
    text = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"type": "http", "headers": [(b"cookie", text.encode())]}


def signed(key: str, value: str, name: str = NAME) -> str:
    return create_signed_value(key, name, value).decode()


def test_what_this_home_signed_is_read(workspace):
    key = cookie_key(workspace)
    assert read_login(request(**{NAME: signed(key, "ann")}), key) == b"ann"
    parts = {NAME: "chunks-2", f"{NAME}_1": "an", f"{NAME}_2": "n"}
    assert read_login(request(**{name: signed(key, part, name) for name, part in parts.items()}), key) == b"ann"


@pytest.mark.parametrize("key", ["", "0" * 64])
def test_what_another_key_signed_is_nobody(workspace, key):
    assert read_login(request(**{NAME: signed(key, "ann")}), cookie_key(workspace)) is None


def test_each_home_has_a_key_of_its_own_that_is_not_its_secret(workspace, tmp_path):
    assert cookie_key(workspace) == cookie_key(Workspace(workspace.home))
    assert cookie_key(workspace) not in {cookie_key(Workspace(tmp_path / "other")), workspace.secret()}


def test_a_value_that_was_changed_or_moved_is_nobody(workspace):
    key = cookie_key(workspace)
    value = signed(key, "ann")
    assert read_login(request(**{NAME: "x" + value}), key) is None
    assert read_login(request(**{NAME: signed(key, "ann", "_streamlit_user_tokens")}), key) is None
    assert read_login({"type": "http", "headers": []}, key) is None


def test_only_the_cookies_of_a_login_are_taken_away():
    headers = [(b"host", b"x"), (b"cookie", b"a=1; _streamlit_user=2; _streamlit_user_tokens_1=3; _streamlit_xsrf=4")]
    assert without_login(headers) == [(b"host", b"x"), (b"cookie", b"a=1; _streamlit_xsrf=4")]
    assert without_login([(b"host", b"x")]) == [(b"host", b"x")]
