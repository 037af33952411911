"""Files on their way in: a request's raw bytes go to disk as they arrive and never gather in memory.

``POST /amalgam/upload?name=…``  →  ``{"id", "upload", "name", "bytes"}``, or a refusal with one sentence.
"""

from __future__ import annotations

import asyncio
import errno
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from urllib.parse import urlparse

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.files import unfinished
from core.jobs import limits
from core.messages import AmalgamError, Message, _, say
from core.workspace import Workspace, new_id
from pages.server.answers import refusal
from pages.server.owner import request_owner

WRITE_BYTES = 1_000_000  # gathered before they are written
WAIT_SECONDS = 60.0  # for a turn, when many files arrive at once
NAME_LENGTH = 150
STREAMLIT_ROUTE = "/_stcore/upload_file"


class Refused(AmalgamError):
    """An upload that is not taken."""

    code = "refused"
    status = 400


class TooLarge(Refused):
    """More bytes than one file may have."""

    status = 413


class TooSlow(Refused):
    """A sender that says nothing, or so little that its file would take a place for hours."""

    status = 408


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


class Uploads:
    """The route, with a bound on how many files arrive at the same time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.places = Places(limits.uploads_at_once(), limits.uploads_per_owner())

    async def receive(self, request: Request) -> Response:
        """Take one file."""
        if not same_site(request):
            return refusal(request, 403, say(_("Files can only be uploaded from Amalgam's own pages.")))
        if (owner := request_owner(request.scope)) is None:
            return refusal(request, 403, say(_("This browser is not known yet. Reload the page and try again.")))
        try:
            check_length(request)
            async with self.places.place(owner):
                return await self.store(request, owner)
        except Refused as refused:
            answer = refusal(request, refused.status, refused.message, refused.hint)
            if isinstance(refused, TooSlow):
                answer.headers["connection"] = "close"
            return answer
        except TimeoutError:
            return refusal(request, 503, say(_("Too many files are arriving at once. Try again in a minute.")))

    async def store(self, request: Request, owner: str) -> Response:
        """Write the body to ``uploads/<id>/<name>``; what does not arrive whole is removed."""
        upload, name = new_id(), safe_name(request.query_params.get("name", ""))
        folder = self.workspace.upload_folder(upload)
        partial = unfinished(folder)
        partial.mkdir(parents=True)
        try:
            n_bytes = await write_body(request, partial / name)
            await to_thread.run_sync(self.workspace.add_upload, upload, owner)
            partial.rename(folder)
        except ClientDisconnect:
            return Response(status_code=400)
        except OSError as failure:
            if failure.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return refusal(request, 507, *disk_full())
        finally:
            await to_thread.run_sync(lambda: shutil.rmtree(partial, ignore_errors=True))
        return JSONResponse({"id": upload, "upload": upload, "name": name, "bytes": n_bytes})


async def write_body(request: Request, path: Path) -> int:
    """Stream a request's body into a file.  →  bytes written"""
    largest, n_bytes, gathered = limits.upload_bytes(), 0, bytearray()
    with path.open("wb") as file:
        async for chunk in in_time(request):
            n_bytes += len(chunk)
            if n_bytes > largest:
                raise too_large()
            gathered += chunk
            if len(gathered) >= WRITE_BYTES:
                await to_thread.run_sync(file.write, bytes(gathered))
                gathered.clear()
        await to_thread.run_sync(file.write, bytes(gathered))
    return n_bytes


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
    if declared.isdigit() and int(declared) > limits.upload_bytes():
        raise too_large()


def too_large() -> TooLarge:
    """The refusal of a file over the limit."""
    return TooLarge(
        _("This file is larger than {limit} MB, the most that can be uploaded here."),
        _("Upload a part of it, or save it as Parquet, which is smaller."),
        limit=limits.upload_bytes() // 1_000_000,
    )


def disk_full() -> tuple[Message, Message]:
    """What is wrong and what to do when nothing more fits on the disk."""
    return (
        say(_("The disk of this server is full; the file was not kept.")),
        say(_("Delete data sets or runs you no longer need, or clear the cache, and try again.")),
    )


def same_site(request: Request) -> bool:
    """Whether a request comes from our own pages, or from a program that is no browser."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlparse(origin).netloc == request.headers.get("host")


def safe_name(name: str) -> str:
    """A file name without folders, control characters or leading dots; its ending is kept."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(character for character in base if character.isprintable()).strip().lstrip(".").strip()
    while len(clean.encode()) > NAME_LENGTH:
        stem, dot, suffix = clean.rpartition(".")
        clean = stem[:-1] + dot + suffix if dot and stem and len(suffix) < 12 else clean[:-1]
    return clean or "file"
