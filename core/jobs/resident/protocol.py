"""What client and resident worker say to each other: one JSON document per line, over a Unix socket. Light.

A request ``{id, op, owner, args}`` is answered by lines ``{id, seq, event, data}``: any number of ``partial``, then
one ``done`` or ``error``. The request ``{id, op: "cancel"}`` ends the one of that id.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json

from core.messages import AmalgamError, _, clip
from core.workspace import Workspace

LONGEST_LINE = 2_000_000  # bytes
CANCEL = "cancel"


class Request(BaseModel):
    """One question."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    op: str = Field(max_length=64)
    owner: str = Field("", max_length=200)
    args: dict[str, Any] = {}


class Event(BaseModel):
    """One line of an answer."""

    id: str
    seq: int
    event: Literal["partial", "done", "error"]
    data: dict[str, Any]


class Malformed(AmalgamError):
    """A line that is no request."""

    code = "malformed"


def parse(line: bytes) -> Request:
    """A request from its line.

    Raises
    ------
    Malformed
    """
    try:
        return Request.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "line"
        raise Malformed(_("This is not a request: {reason}"), reason=clip(f"{where}: {first['msg']}", 200)) from None


def line(document: BaseModel) -> bytes:
    """A request or event as its line; numbers that JSON has no word for become null."""
    return to_json(document, inf_nan_mode="null") + b"\n"


def address_file(workspace: Workspace) -> Path:
    """Says where the resident worker listens, and who it is."""
    return workspace.home / "run" / "resident.json"


def wanted_file(workspace: Workspace) -> Path:
    """Is there while somebody wants a resident worker and the dispatcher has not seen it."""
    return workspace.home / "run" / "resident.wanted"


def address(workspace: Workspace) -> str | None:
    """The path of the socket, if a resident worker has said where it listens."""
    try:
        return str(json.loads(address_file(workspace).read_text())["socket"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
