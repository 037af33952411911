"""What a session remembers (ids only), whose session it is, and the workspace behind it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import streamlit as st
from pydantic import BaseModel

from core.data.date_columns import of_table
from core.data.schema import Cleaning, Reading, Report, Schema, read_model
from core.jobs import client
from core.workspace import DatasetRow, RunRow, Workspace, default_home
from pages.server.owner import session_owner
from pages.shared import navigation
from pages.shared.i18n import _

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Slot(Generic[T]):
    """One typed place in the session. Not a widget's key, so it survives a change of page."""

    key: str
    default: T

    def get(self) -> T:
        return st.session_state.get(self.key, self.default)

    def set(self, value: T) -> None:
        st.session_state[self.key] = value


class Kept(Slot[str]):
    """A place that the page's address holds, too, so that it survives a reload."""

    def get(self) -> str:
        if self.key not in st.session_state and self.key in st.query_params:
            st.session_state[self.key] = st.query_params[self.key]
        return super().get()

    def set(self, value: str) -> None:
        super().set(value)
        self.say()

    def say(self) -> None:
        """Put it into the address, which a change of page empties."""
        value = self.get()
        if not value:
            st.query_params.pop(self.key, None)
        elif st.query_params.get(self.key) != value:
            st.query_params[self.key] = value


DATASET = Kept("dataset", "")
RUN = Kept("run", "")
CANDIDATE = Kept("candidate", "")


def say_choices() -> None:
    """Have the address hold what was chosen, whichever page it is."""
    for slot in (DATASET, RUN, CANDIDATE):
        slot.say()


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
        workspace().adopt(st.session_state["owner"])
    return str(st.session_state["owner"])


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


# The current data set


def dataset() -> DatasetRow | None:
    """The data set this session works on: the chosen one, else that of the chosen run, else the newest."""
    if chosen := DATASET.get():
        if row := workspace().dataset(chosen, owner()):
            return row
        DATASET.set("")
    elif (run_row := workspace().run(RUN.get(), owner())) and (row := workspace().dataset(run_row.dataset, owner())):
        return row
    newest = workspace().datasets(owner())
    return newest[0] if newest else None


def choose_dataset(dataset_id: str) -> None:
    """Work on this data set from now on; a run of another one is put aside."""
    if dataset_id != DATASET.get():
        RUN.set("")
        CANDIDATE.set("")
    DATASET.set(dataset_id)


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


@lru_cache(maxsize=32)
def _days(path: Path, changed: int) -> frozenset[str]:
    return of_table(path)


def days(dataset_id: str) -> frozenset[str]:
    """Columns of a data set whose moments are all midnight, looked for once per version of the table."""
    return _days(folder(dataset_id) / "table.parquet", table_version(dataset_id))


def require_dataset() -> DatasetRow:
    """The current data set, or an empty state that says what to do, and the page ends there."""
    row = dataset()
    if row is not None and schema(row.id) is not None:
        return row
    missing(_("There is no table yet. Choose a file or a sample on the Data page first."), "data", _("Go to Data"))
    st.stop()


# The current run


def run(dataset_id: str | None = None) -> RunRow | None:
    """The comparison this session looks at: the chosen one, else the newest of the current data set.

    A lesson is only taken where there is nothing else.
    """
    if dataset_id is None:
        current = dataset()
        dataset_id = current.id if current else None
    if chosen := RUN.get():
        row = workspace().run(chosen, owner())
        if row is not None and row.dataset == dataset_id:
            return row
        RUN.set("")
    runs = workspace().runs(owner(), dataset_id, "compare") if dataset_id else []
    return next((row for row in runs if not _is_lesson(row.id)), runs[0] if runs else None)


def _is_lesson(run_id: str) -> bool:
    job = client.get(workspace(), run_id, owner())
    return job is not None and bool(job.params.get("lesson"))


def choose_run(run_id: str, candidate: str = "") -> None:
    """Look at this run from now on, and work on its data set."""
    if row := workspace().run(run_id, owner()):
        DATASET.set(row.dataset)
    RUN.set(run_id)
    CANDIDATE.set(candidate)


def require_run() -> RunRow:
    """The current comparison, or an empty state that says what to do, and the page ends there."""
    require_dataset()
    row = run()
    if row is not None:
        return row
    missing(_("Nothing has been trained on this table yet. Compare some models first."), "compare", _("Go to Compare"))
    st.stop()


def missing(sentence: str, path: str, label: str) -> None:
    """An empty state: one sentence, and the way to the page where that is done."""
    with st.container(border=True):
        st.markdown(sentence)
        if st.button(label, type="primary", icon=":material/arrow_forward:", key=f"missing-{path}"):
            navigation.go(path)
