"""Login between the browser and everything else: who a request's cookie says is asking, and what ends with a logout.

Streamlit signs the cookie and talks to the provider; here its cookie is believed until its person logs out.
"""

from __future__ import annotations

import json

import streamlit as st
import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.secrets import SecretsValue

from core.allowed.login import CALLBACK, Login
from core.messages import _, say
from core.people.logins import EndedLogins
from core.workspace import Workspace
from pages.server.answers import leads_to, refusal
from pages.server.doors import POLICY_VIOLATION
from pages.server.identity import failed_login
from pages.server.identity.login_cookie import cookie_key, read_login, without_login
from pages.server.identity.owner import SCOPE_KEY
from pages.server.identity.person import Person, of_claims
from pages.server.uploads import same_site

ANSWERED = frozenset({"code", "error"})  # to a login; who comes back from a logout brings neither
LOGIN_ROUTE, LOGOUT_ROUTE = "/auth/login", "/auth/logout"
METRICS = "/amalgam/metrics"  # has a switch of its own, as programs that watch a server don't log in
CLOSED = ("/amalgam/", "/media/", "/_stcore/upload_file")  # to whoever has not logged in; not /static/media/


def secrets(workspace: Workspace, login: Login | None) -> dict[str, SecretsValue]:
    """What Streamlit asks for in a file of secrets; it is kept in memory only."""
    if login is None:
        return {}
    return {
        "auth": {
            "redirect_uri": login.redirect,
            "cookie_secret": cookie_key(workspace),
            "client_id": login.client,
            "client_secret": login.secret,
            "server_metadata_url": login.metadata,
        }
    }


class Logins:
    """ASGI middleware, in the place of `OwnerCookie`: a request's owner is the person who has logged in, or nobody.

    A cookie that counts no more is taken out of the request, so that Streamlit does not believe it either. A websocket
    ends with the first thing it says after its person has logged out, in whatever tab.
    """

    def __init__(self, app: ASGIApp, workspace: Workspace, login: Login) -> None:
        self.app, self.login = app, login
        self.base = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
        self.key, self.ended = cookie_key(workspace), EndedLogins(workspace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        content = read_login(scope, self.key)
        person = self.person(content)
        scope[SCOPE_KEY] = person.owner if person else None
        structlog.contextvars.bind_contextvars(owner=person.owner if person else "")
        if person is None:
            scope["headers"] = without_login(scope["headers"])
        if scope["type"] == "websocket":
            await self.app(scope, self.until_ended(receive, send, content) if person and content else receive, send)
        else:
            await self.request(scope, receive, send, content if person else None)

    async def request(self, scope: Scope, receive: Receive, send: Send, content: bytes | None) -> None:
        """Pass a request on, unless only a person who has logged in may ask for it; take down a logout."""
        request = Request(scope)
        path = scope["path"].removeprefix(self.base)
        if content is None and path.startswith(CLOSED) and path != METRICS:
            await refusal(request, 403, say(_("You are not logged in. Reload the page.")))(scope, receive, send)
            return
        if scope["path"].endswith(LOGOUT_ROUTE):
            if not same_site(request):
                await refusal(request, 403, say(_("Only Amalgam's own pages log you out.")))(scope, receive, send)
                return
            if content is not None:
                await to_thread.run_sync(self.ended.add, content)
        send, back = self.only_encrypted(scope, send), f"{self.base}/"
        if scope["path"].endswith(LOGIN_ROUTE):
            page = failed_login.failed_page(request, failed_login.NO_ANSWER, 503, back)
            await failed_login.or_a_sentence(self.app, scope, receive, send, failed_login.is_refusal, page)
        elif scope["path"].endswith(CALLBACK) and content is None and not ANSWERED.isdisjoint(request.query_params):
            page = failed_login.failed_page(request, failed_login.NOT_LOGGED_IN, 403, back)
            await failed_login.or_a_sentence(self.app, scope, receive, send, failed_login.logs_nobody_in, page)
        else:
            await self.app(scope, receive, send)

    def person(self, content: bytes | None) -> Person | None:
        """Who has logged in, as long as the login has not ended."""
        if content is None or content in self.ended:
            return None
        try:
            claims = json.loads(content)
        except ValueError:
            return None
        ours = isinstance(claims, dict) and claims.get("is_logged_in") is True
        return of_claims(claims) if ours and claims.get("origin") == self.login.origin else None

    def until_ended(self, receive: Receive, send: Send, content: bytes) -> Receive:
        """What a websocket says, until its login has ended."""

        async def receive_or_end() -> Message:
            message = await receive()
            if content not in self.ended or message["type"] != "websocket.receive":
                return message
            await send({"type": "websocket.send", "bytes": leads_to(f"{self.base}/")})  # anew, at the login page
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

        return receive_or_end

    def only_encrypted(self, scope: Scope, send: Send) -> Send:
        """Have the browser send the new login's cookie over HTTPS only, where that is how people come."""
        if not scope["path"].endswith(CALLBACK) or not self.login.origin.startswith("https:"):
            return send

        async def send_secure(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, value + b"; Secure" if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        return send_secure
