"""Who is asking: a browser known by a signed cookie; where people log in, ``login.py`` says it instead.

The cookie is set with the page itself, before the page opens its websocket, so a session always finds it.
"""

from __future__ import annotations

from functools import lru_cache

import streamlit as st
import structlog
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.allowed import login
from core.messages import AmalgamError, _
from core.workspace import Workspace, default_home, new_id
from pages.server.identity.person import session_person

COOKIE = "amalgam_owner"
SCOPE_KEY = "amalgam.owner"
YEAR_SECONDS = 365 * 86_400


@lru_cache(maxsize=4)
def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="owner")


def sign(owner: str, secret: str) -> str:
    """The cookie's value for an owner."""
    return str(_serializer(secret).dumps(owner))


def verify(value: str | None, secret: str) -> str | None:
    """The owner a cookie names, or None if we did not sign it."""
    if not value:
        return None
    try:
        owner = _serializer(secret).loads(value)
    except BadSignature:
        return None
    return owner if isinstance(owner, str) else None


class OwnerCookie:
    """ASGI middleware: each request carries its owner in the scope; a browser without a valid cookie gets one.

    Only pages and our own routes set the cookie: requests for parts of a page come with it already.
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self.app, self.secret = app, secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        known = verify(read_cookie(Headers(scope=scope).get("cookie")), self.secret)
        scope[SCOPE_KEY] = known
        structlog.contextvars.bind_contextvars(owner=known or "")
        if known is not None or scope["type"] == "websocket" or not _is_page(scope):
            await self.app(scope, receive, send)
            return
        value = sign(new_id(), self.secret)
        secure = "; Secure" if scope.get("scheme") == "https" else ""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(
                    "set-cookie", f"{COOKIE}={value}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure}"
                )
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def read_cookie(header: str | None) -> str | None:
    """Our cookie's value in a ``Cookie`` header."""
    return cookie_parser(header or "").get(COOKIE)  # `SimpleCookie` drops all for one that it finds odd


def _is_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in (Headers(scope=scope).get("accept") or "")


class LoggedOut(AmalgamError):
    """Something that only a person who has logged in may do."""

    code = "logged-out"


def session_owner(workspace: Workspace | None = None) -> str:
    """Whose the running session is: the person's who has logged in, else the browser's, else the session's own.

    A session without a valid cookie (cookies switched off) is an owner of its own and forgets with the tab.

    Raises
    ------
    LoggedOut
        People log in here, and nobody has.
    """
    if login.required():
        if (person := session_person()) is None:
            raise LoggedOut(_("You are not logged in."), _("Reload the page."))
        return person.owner
    secret = (workspace or Workspace(default_home())).secret()
    return verify(st.context.cookies.get(COOKIE), secret) or new_id()


def request_owner(scope: Scope) -> str | None:
    """Whose an HTTP request is; None if it carries no valid cookie."""
    owner = scope.get(SCOPE_KEY)
    return owner if isinstance(owner, str) else None
