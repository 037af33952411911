"""Files on their way in: a request's raw bytes go to disk as they arrive and never gather in memory.

``POST /amalgam/upload?name=…``  →  ``{"id", "upload", "name", "bytes"}``, or a refusal with one sentence.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import urlparse

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.allowed.addresses import is_loopback
from core.files import is_disk_full, safe_name, unfinished, upload_bytes
from core.jobs import limits
from core.messages import Message, UnusableData, _, say
from core.workspace import Workspace, new_id
from pages.server.answers import refusal
from pages.server.arriving import Places, Refused, TooSlow, check_length, in_time, too_large
from pages.server.identity.owner import request_owner
from pages.server.request_ids import record

WRITE_BYTES = 1_000_000  # gathered before they are written


class Uploads:
    """The route, with a bound on how many files arrive at the same time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.places = Places(limits.uploads_at_once(), limits.uploads_per_owner())
        self.refused: Counter[str] = Counter()  # by reason, since the server's start

    async def receive(self, request: Request) -> Response:
        """Take one file."""
        if not same_site(request):
            self.refused["site"] += 1
            return refusal(request, 403, say(_("Files can only be uploaded from Amalgam's own pages.")))
        if (owner := request_owner(request.scope)) is None:
            self.refused["nobody"] += 1
            return refusal(request, 403, say(_("This browser is not known yet. Reload the page and try again.")))
        try:
            check_length(request)
            await to_thread.run_sync(self.check_room, request, owner)
            async with self.places.place(owner):
                return await self.store(request, owner)
        except Refused as refused:
            self.refused[refused.reason] += 1
            answer = refusal(request, refused.status, refused.message, refused.hint)
            if isinstance(refused, TooSlow):
                answer.headers["connection"] = "close"
            return answer
        except UnusableData as full:
            self.refused["room"] += 1
            return refusal(request, 507, full.message, full.hint)
        except TimeoutError:
            self.refused["places"] += 1
            return refusal(request, 503, say(_("Too many files are arriving at once. Try again in a minute.")))

    def check_room(self, request: Request, owner: str) -> None:
        """Refuse what there is no room for: on the disk, in a person's share, among the files that wait unread."""
        declared = request.headers.get("content-length", "")
        limits.check_waiting_uploads(self.workspace, owner, sender(request))
        limits.check_space(self.workspace, owner, int(declared) if declared.isdigit() else 0)

    async def store(self, request: Request, owner: str) -> Response:
        """Write the body to ``uploads/<id>/<name>``; what does not arrive whole is removed."""
        upload, name = new_id(), safe_name(request.query_params.get("name", ""))
        folder = self.workspace.upload_folder(upload)
        partial = unfinished(folder)
        partial.mkdir(parents=True)
        try:
            n_bytes = await write_body(request, partial / name)
            await to_thread.run_sync(self.workspace.add_upload, upload, owner, sender(request))
            partial.rename(folder)
        except ClientDisconnect:
            return Response(status_code=400)
        except (OSError, sqlite3.Error) as failure:
            if not is_disk_full(failure):
                raise
            self.refused["room"] += 1
            return refusal(request, 507, *disk_full())
        finally:
            await to_thread.run_sync(lambda: shutil.rmtree(partial, ignore_errors=True))
        record(self.workspace, request, "upload", owner, upload)
        return JSONResponse({"id": upload, "upload": upload, "name": name, "bytes": n_bytes})


async def write_body(request: Request, path: Path) -> int:
    """Stream a request's body into a file.  →  bytes written"""
    largest, n_bytes, gathered = upload_bytes(), 0, bytearray()
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


def sender(request: Request) -> str:
    """Where a request comes from, for bounds on what one place may ask; nothing where it is this machine."""
    host = request.client.host if request.client else ""
    return "" if is_loopback(host) else host


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
