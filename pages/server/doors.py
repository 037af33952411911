"""Who is let in: requests for a name that is ours, and tabs that our own pages open, so many from one address."""

from __future__ import annotations

import contextlib
from collections import Counter
from urllib.parse import urlparse

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.allowed import addresses, switches
from core.jobs import limits
from core.messages import _, clip, say, translate
from pages.server.answers import language_of, leads_to, page
from pages.server.frames import LONGEST_LINE
from pages.server.uploads import same_site, sender

POLICY_VIOLATION = 1008  # of a websocket's close
METRICS = "/_stcore/metrics"  # Streamlit's, open to everybody
TOO_MANY = "/amalgam/too-many-tabs"
MOST_COOKIES = LONGEST_LINE - 1536  # bytes: with them, no websocket opens


class Doors:
    """ASGI middleware, the outermost: whatever it turns away reaches neither Streamlit nor our routes.

    Streamlit lets a page of the same machine at another port open the websocket, with the person's cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.base = f"/{st.get_option('server.baseUrlPath') or ''}".rstrip("/")
        self.open: Counter[str] = Counter()  # websockets, by the address they come from

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": with_one_cookie(scope["headers"])}
        request = Request({**scope, "type": "http"})  # a websocket begins as one
        if scope["type"] == "websocket":
            welcome = addresses.host_allowed(request.headers.get("host")) and same_site(request)
            await self.websocket(scope, receive, send, welcome=welcome, place=sender(request))
        else:
            await (self.answer(request) or self.app)(scope, receive, send)

    def answer(self, request: Request) -> Response | None:
        """What a request gets that is not let in."""
        path = request.scope["path"]
        if not addresses.host_allowed(request.headers.get("host")):
            return wrong_host(request)
        if len(request.headers.get("cookie", "")) > MOST_COOKIES:
            return many_cookies(request)
        if path == self.base + TOO_MANY:
            back = where_from(request) or f"{self.base}/"
            return many_tabs(request, back) if self.full(sender(request)) else RedirectResponse(back, 303)
        if path.rstrip("/").endswith(METRICS) and not switches.metrics():
            return Response(status_code=404)
        return None

    def full(self, place: str) -> bool:
        """Whether as many tabs from a place are open as may be; no number is too many for this machine."""
        return bool(place) and self.open[place] >= limits.tabs_per_address()

    async def websocket(self, scope: Scope, receive: Receive, send: Send, *, welcome: bool, place: str) -> None:
        """Let a tab in, unless it is not welcome; one too many is sent to a sentence that says so."""
        if not welcome:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        if self.full(place):
            with contextlib.suppress(OSError):  # it has gone already
                await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
                await send({"type": "websocket.send", "bytes": leads_to(self.base + TOO_MANY)})
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        self.open[place] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open[place] -= 1
            self.open += Counter()  # drops those at zero


def with_one_cookie(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """A request's headers with all its cookies in one of them.

    Of several headers, who reads the first and who reads the last would take the request for two people's. A cookie
    with a backslash, as none of ours has, is left out: Python's parser needs seconds for thousands of them.
    """
    cookies = [value for name, value in headers if name.lower() == b"cookie"]
    if len(cookies) < 2 and not any(b"\\" in value for value in cookies):
        return headers
    others = [(name, value) for name, value in headers if name.lower() != b"cookie"]
    parts = [part for value in cookies for part in value.split(b";") if b"\\" not in part]
    return [*others, (b"cookie", b"; ".join(part.strip() for part in parts))]


def wrong_host(request: Request) -> Response:
    """The refusal of a name that is not the server's, to be read in a browser."""
    text = _(
        "Amalgam does not answer to the name “{host}”. Whoever runs it can add a name: AMALGAM_HOSTS=name, or several "
        "with commas between them."
    )
    sentence = translate(say(text, host=clip(request.headers.get("host", ""))), language_of(request))
    return PlainTextResponse(sentence, status_code=400, headers={"cache-control": "no-store"})


def many_tabs(request: Request, back: str) -> Response:
    """The refusal of one tab too many."""
    text = _(
        "As many tabs as may be ({most}) are open at your network address already. Close one, or wait until somebody "
        "does, and try again. Whoever runs this server can allow more: AMALGAM_TABS_PER_ADDRESS."
    )
    sentence = say(text, most=limits.tabs_per_address())
    return page(request, 503, sentence, way=say(_("Try again")), back=back)


def many_cookies(request: Request) -> Response:
    """The refusal of so many cookies that the page would wait for its websocket for ever."""
    text = _(
        "This browser sends {size} kB of cookies to this address, and at most {most} kB are taken. Delete cookies that "
        "other programs left at “{host}” in the browser's settings, but keep “amalgam_owner”: it says which tables "
        "are yours."
    )
    size, host = len(request.headers["cookie"]) / 1000, clip(request.url.hostname or "")
    sentence = say(text, size=round(size), most=MOST_COOKIES // 1000, host=host)
    return page(request, 431, sentence, way=say(_("Try again")), back="")


def where_from(request: Request) -> str:
    """The address of ours that a request's browser comes from; nothing where it is not ours."""
    address = request.headers.get("referer", "")
    try:
        parsed = urlparse(address)
    except ValueError:
        return ""
    return address if parsed.scheme in {"http", "https"} and parsed.netloc == request.headers.get("host") else ""
