"""Who is let in: requests for a name that is ours, and websockets that our own pages open, so many from one address."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.allowed import addresses, switches
from core.jobs import limits
from core.messages import _, clip, say, translate
from pages.server.answers import language_of
from pages.server.uploads import same_site, sender

POLICY_VIOLATION = 1008  # of a websocket's close
METRICS = "/_stcore/metrics"  # Streamlit's, open to everybody


class Doors:
    """ASGI middleware, the outermost: whatever it turns away reaches neither Streamlit nor our routes.

    Streamlit lets a page of the same machine at another port open the websocket, with the person's cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.open: Counter[str] = Counter()  # websockets, by the address they come from

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": with_one_cookie(scope["headers"])}
        request = Request({**scope, "type": "http"})  # a websocket begins as one
        welcome = addresses.host_allowed(request.headers.get("host"))
        if scope["type"] == "websocket":
            await self.websocket(scope, receive, send, welcome=welcome and same_site(request), place=sender(request))
            return
        if not welcome:
            await wrong_host(request)(scope, receive, send)
            return
        if scope["path"].rstrip("/").endswith(METRICS) and not switches.metrics():
            await Response(status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def websocket(self, scope: Scope, receive: Receive, send: Send, *, welcome: bool, place: str) -> None:
        """Let a tab in, unless it is not welcome or as many from its place are open as may be; none is this machine."""
        if not welcome or (place and self.open[place] >= limits.tabs_per_address()):
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

    Of several headers, who reads the first and who reads the last would take the request for two people's.
    """
    cookies = [value for name, value in headers if name.lower() == b"cookie"]
    if len(cookies) < 2:
        return headers
    others = [(name, value) for name, value in headers if name.lower() != b"cookie"]
    return [*others, (b"cookie", b"; ".join(cookies))]


def wrong_host(request: Request) -> Response:
    """The refusal of a name that is not the server's, to be read in a browser."""
    text = _(
        "Amalgam does not answer to the name “{host}”. Whoever runs it can add a name: AMALGAM_HOSTS=name, or several "
        "with commas between them."
    )
    sentence = translate(say(text, host=clip(request.headers.get("host", ""))), language_of(request))
    return PlainTextResponse(sentence, status_code=400, headers={"cache-control": "no-store"})
