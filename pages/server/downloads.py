"""Files on their way out: a run's files, a job's log, a bundle as one zip; each to its owner alone.

A run's report goes to whoever has a link to the run, too, and nothing else does.
Whatever is not there or is somebody else's answers 404, so that ids can't be tried out.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from core.access import shares
from core.evaluate.report import of_run
from core.files import zip_folder
from core.jobs import client
from core.messages import LANGUAGES, UnusableData, _, say
from core.workspace import TAKEN, RunRow, Workspace, checked_id
from pages.server.answers import language_of, refusal
from pages.server.identity.owner import request_owner
from pages.server.request_ids import record

HEADERS = {"cache-control": "private, no-store"}


class Downloads:
    """The routes below ``/amalgam/download/``."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def file(self, request: Request) -> Response:
        """A file of a run, by its path inside the run's folder."""
        folder = self.folder(request, request.path_params["run"])
        path = inside(folder, request.path_params["path"]) if folder else None
        return self.answer(request, path)

    async def log(self, request: Request) -> Response:
        """A job's log."""
        job = request.path_params["job"]
        owned = self.folder(request, job) is not None
        path = self.workspace.log_file(job) if owned else None
        return self.answer(request, path if path and path.is_file() else None, name=f"amalgam-{job}.log")

    async def bundle(self, request: Request) -> Response:
        """A candidate's bundle as one zip, made on the way and forgotten afterwards."""
        slug = request.path_params["slug"].removesuffix(".zip")
        folder = self.folder(request, request.path_params["run"])
        place = (folder / "candidates").resolve() if folder else None
        bundle = (place / slug / "bundle").resolve() if place else None
        if folder is None or place is None or bundle is None or not bundle.is_dir() or not bundle.is_relative_to(place):
            return self.answer(request, None)
        packed = await to_thread.run_sync(pack, bundle, self.workspace.home / "run")
        (folder / TAKEN).touch()
        return self.answer(request, packed, name=f"{slug}.zip", after=BackgroundTask(packed.unlink))

    async def shared_report(self, request: Request) -> Response:
        """The report of the run that a link leads to, made on the way."""
        language = request.query_params.get("language", "")
        language = language if language in LANGUAGES else language_of(request)
        token = request.path_params["token"]
        row, page = await to_thread.run_sync(self.read_shared, token, language)
        if row is None or page is None:
            return refusal(request, 404, say(shares.NOT_YOURS))
        record(self.workspace, request, "download", request_owner(request.scope), row.id)
        return HTMLResponse(page, headers=HEADERS | {"content-disposition": 'attachment; filename="report.html"'})

    def read_shared(self, token: str, language: str) -> tuple[RunRow | None, str | None]:
        """The run that a link leads to and its report; None where there is none."""
        row = shares.opened(self.workspace, token)
        return row, of_run(self.workspace.run_folder(row.id), language, title=row.name) if row else None

    def folder(self, request: Request, run: str) -> Path | None:
        """The folder of a run or job, if it is this browser's."""
        owner = request_owner(request.scope)
        try:
            checked_id(run)
        except UnusableData:
            return None
        if owner is None:
            return None
        if client.get(self.workspace, run, owner) is None and self.workspace.run(run, owner) is None:
            return None
        return client.folder(self.workspace, run)

    def answer(
        self, request: Request, path: Path | None, name: str | None = None, after: BackgroundTask | None = None
    ) -> Response:
        """The file, to be saved and not shown; or 404."""
        if path is None:
            return refusal(request, 404, say(_("This file is not there, or it is not yours.")))
        about = request.path_params.get("run") or request.path_params["job"]
        record(self.workspace, request, "download", request_owner(request.scope), about)
        return FileResponse(
            path,
            filename=name or path.name,
            content_disposition_type="attachment",
            headers=HEADERS,
            background=after,
        )


def inside(folder: Path, path: str) -> Path | None:
    """A file below a folder; None if it is not there or lies elsewhere, by dots or by links."""
    if "\0" in path:
        return None
    root = folder.resolve()
    target = (root / path).resolve()
    return target if target.is_relative_to(root) and target.is_file() else None


def pack(bundle: Path, into: Path) -> Path:
    """Zip a folder into a temporary file.  →  the file"""
    handle, name = tempfile.mkstemp(suffix=".zip", dir=into)
    with os.fdopen(handle, "wb") as file:
        zip_folder(bundle, file)
    return Path(name)
