"""A server where people log in at a small OpenID Connect provider on this machine."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest
import requests

from pages.server.identity.login_cookie import cookie_key
from tests.server.conftest import PAGE, Server

SECRET = "the secret of the client"
PEOPLE = {
    "ann-1": {"name": "Ann **A**", "email": "ann@lab.example", "email_verified": True},
    "ben-2": {"name": "Ben", "email": "ben@lab.example", "email_verified": True},
    "eve-3": {"name": "Eve", "email": "ann@lab.example", "email_verified": False},
}


@contextmanager
def provider():
    """The provider, which knows some people.  →  its address"""
    oidc = pytest.importorskip("oidc_provider_mock")
    with oidc.run_server_in_thread() as running:
        address = f"http://localhost:{running.server_port}"
        for subject, claims in PEOPLE.items():
            assert requests.put(f"{address}/users/{subject}", json=claims, timeout=5).ok
        yield address


def variables(server: Server, issuer: str) -> dict[str, str]:
    """What switches login on."""
    return {
        "AMALGAM_LOGIN_ISSUER": issuer,
        "AMALGAM_LOGIN_CLIENT": "amalgam",
        "AMALGAM_LOGIN_SECRET": SECRET,
        "AMALGAM_LOGIN_REDIRECT": f"{server.address}/oauth2callback",
    }


def start_of_login(server: Server) -> str:
    """The address that a press on “Log in” leads to."""
    jwk, jwt = pytest.importorskip("joserfc.jwk"), pytest.importorskip("joserfc.jwt")
    claims = {"provider": "default", "exp": int(time.time()) + 60}
    token = jwt.encode({"alg": "HS256"}, claims, jwk.OctKey.import_key(cookie_key(server.workspace)))
    return f"{server.address}/auth/login?provider={token}"


def logged_in(server: Server, subject: str) -> requests.Session:
    """A browser in which somebody has logged in."""
    session = requests.Session()
    form = session.get(start_of_login(server), timeout=10)
    assert session.post(form.url, data={"sub": subject}, headers=PAGE, timeout=10).ok
    assert any(cookie.name == "_streamlit_user" for cookie in session.cookies)
    return session
