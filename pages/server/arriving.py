"""How a file may arrive: in one of a few places, neither silent nor at a trickle, and no larger than is allowed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.files import upload_bytes
from core.jobs import limits
from core.messages import AmalgamError, _

WAIT_SECONDS = 60.0  # for a turn, when many files arrive at once
STREAMLIT_ROUTE = "/_stcore/upload_file"


class Refused(AmalgamError):
    """An upload that is not taken."""

    code = "refused"
    status = 400
    reason = "other"  # as the server's figures tell it


class TooLarge(Refused):
    """More bytes than one file may have."""

    status = 413
    reason = "size"


class TooSlow(Refused):
    """A sender that says nothing, or so little that its file would take a place for hours."""

    status = 408
    reason = "slow"


class Places:
    """How many files arrive at the same time: a number in all, of which one owner has a share."""

    def __init__(self, in_all: int, per_owner: int) -> None:
        self.in_all, self.per_owner = in_all, per_owner
        self.taken: Counter[str] = Counter()
        self.freed = asyncio.Condition()

    @asynccontextmanager
    async def place(self, owner: str) -> AsyncIterator[None]:
        """One place, once there is a free one; `TimeoutError` if that takes too long."""
        async with asyncio.timeout(WAIT_SECONDS), self.freed:
            await self.freed.wait_for(lambda: self.free(owner))
            self.taken[owner] += 1
        try:
            yield
        finally:
            self.taken[owner] -= 1
            self.taken += Counter()  # drops those at zero
            async with self.freed:
                self.freed.notify_all()

    def free(self, owner: str) -> bool:
        return self.taken.total() < self.in_all and self.taken[owner] < self.per_owner


class NoStreamlitUploads:
    """ASGI middleware: Streamlit's own route for files, which no page here uses, is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and STREAMLIT_ROUTE in scope["path"]:
            await Response(status_code=404, headers={"connection": "close"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def in_time(request: Request) -> AsyncIterator[bytes]:
    """A request's body, as long as its sender neither falls silent nor trickles.

    Raises
    ------
    TooSlow
    """
    until, n_bytes = time.monotonic() + limits.UPLOAD_GRACE_SECONDS, 0
    async with aclosing(request.stream()) as chunks:
        while True:
            allowed = until + n_bytes / limits.UPLOAD_BYTES_PER_SECOND - time.monotonic()
            try:
                chunk = await asyncio.wait_for(anext(chunks), min(limits.upload_silence_seconds(), allowed))
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise TooSlow(
                    _("The file stopped arriving, or came too slowly, and was not kept."),
                    _("Check the connection and upload it again."),
                ) from None
            n_bytes += len(chunk)
            yield chunk


def check_length(request: Request) -> None:
    """Refuse what says beforehand that it is too large."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > upload_bytes():
        raise too_large()


def too_large() -> TooLarge:
    """The refusal of a file over the limit."""
    return TooLarge(
        _("This file is larger than {limit} MB, the most that can be uploaded here."),
        _("Upload a part of it, or save it as Parquet, which is smaller."),
        limit=upload_bytes() // 1_000_000,
    )
