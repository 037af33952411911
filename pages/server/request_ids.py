"""An id for each request: it stands in the answer, in the audit log and in the log of a page that failed."""

from __future__ import annotations

import secrets

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access import audit
from core.workspace import Workspace

HEADER = "x-request-id"


class RequestIds:
    """ASGI middleware, outside of all others, so that what they turn away has an id, too.

    The id is ours whatever the request says. It goes on as a header of the request, where a page finds that of the
    websocket it lives by.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        name, request_id = HEADER.encode(), secrets.token_hex(8)
        others = [(key, value) for key, value in scope["headers"] if key.lower() != name]
        scope = {**scope, "headers": [*others, (name, request_id.encode())]}

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id, owner=""):
            await self.app(scope, receive, send_with_id)


def record(workspace: Workspace, request: HTTPConnection, act: str, owner: str | None, about: str) -> None:
    """Write what a request did into the audit log."""
    address = request.client.host if request.client else ""
    audit.record(workspace.home, act, owner or "", about, address=address, request=request.headers.get(HEADER, ""))
