"""Whose session it is, the workspace behind it, and the files of a data set, parsed once per change."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

import streamlit as st
from pydantic import BaseModel

from core.access import audit
from core.data.schema import Cleaning, Reading, Report, Schema, read_model
from core.workspace import Workspace, default_home
from pages.server.identity.owner import session_owner
from pages.server.request_ids import HEADER as REQUEST_ID

M = TypeVar("M", bound=BaseModel)


@lru_cache(maxsize=8)
def _workspace(chosen: str | None) -> Workspace:
    return Workspace(default_home())


def workspace() -> Workspace:
    """The home folder, opened once per server."""
    return _workspace(os.environ.get("AMALGAM_HOME"))


def owner() -> str:
    """Whose data sets, runs and jobs these are."""
    if "owner" not in st.session_state:
        st.session_state["owner"] = session_owner(workspace())
    return str(st.session_state["owner"])


def address() -> str:
    """Where the browser is, for bounds on what one place may ask; nothing where it is this machine."""
    found = st.context.ip_address
    return found if isinstance(found, str) else ""


def record(act: str, about: str, *, job: str = "") -> None:
    """Write an act of this person's into the audit log."""
    recorder(act, about, job=job)()


def record_job(kind: str, dataset: str, job: str) -> None:
    """The same of work that was asked for, or that is to go on."""
    record(audit.ACT_OF_KIND.get(kind, kind), dataset, job=job)


def recorder(act: str, about: str, *, job: str = "") -> Callable[[], object]:
    """`record` for later, when it can't be asked any more who and where: what a download's button calls."""
    return partial(
        audit.record,
        workspace().home,
        act,
        owner(),
        about,
        address=address(),
        job=job,
        request=str(st.context.headers.get(REQUEST_ID, "")),
    )


@lru_cache(maxsize=128)
def _parsed(kind: type[M], path: Path, changed: int) -> M | None:
    return read_model(kind, path)


def stored(kind: type[M], path: Path) -> M | None:
    """A JSON file of a data set or run as a typed object, parsed once per change; None if it is not there.

    Sessions share it: it is for reading only.
    """
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _parsed(kind, path, changed)


def folder(dataset_id: str) -> Path:
    """Where a data set's files lie."""
    return workspace().dataset_folder(dataset_id)


def schema(dataset_id: str) -> Schema | None:
    """The columns of a data set with their roles."""
    return stored(Schema, folder(dataset_id) / "schema.json")


def report(dataset_id: str) -> Report | None:
    """A data set in numbers."""
    return stored(Report, folder(dataset_id) / "report.json")


def reading(dataset_id: str) -> Reading | None:
    """How a data set was read."""
    return stored(Reading, folder(dataset_id) / "reading.json")


def test_file(dataset_id: str) -> str:
    """The name of the test file that a data set was read with; nothing where there is none."""
    kept = sorted(path.name for path in (folder(dataset_id) / "source" / "test").glob("*") if path.is_file())
    return kept[0] if kept else ""


def cleaning(dataset_id: str) -> Cleaning | None:
    """The rows of a data set that were set aside; None if none were looked for."""
    return stored(Cleaning, folder(dataset_id) / "cleaning.json")


def report_version(dataset_id: str) -> int:
    """Changes whenever the report does."""
    path = folder(dataset_id) / "report.json"
    return path.stat().st_mtime_ns if path.exists() else 0


def table_version(dataset_id: str) -> int:
    """Changes whenever the table is read again, or something in it is masked."""
    place = folder(dataset_id)
    return max((place / name).stat().st_mtime_ns for name in ("table.parquet", "schema.json"))
