"""What the views of the Explain page share: the newest result of a job, and the choice of class and output."""

from __future__ import annotations

from typing import Literal, TypeVar

import streamlit as st
from pydantic import BaseModel
from streamlit.delta_generator import DeltaGenerator

from core.jobs import client
from core.results.comparison import Comparison
from core.results.explanations.rows import Output
from core.workspace import RunRow
from pages.shared import state
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.runs import job_panel, starting

M = TypeVar("M", bound=BaseModel)


def newest(kind: str, model: type[M], file: str, row: RunRow, name: str) -> tuple[client.Job, M] | None:
    """The newest result of a kind of job for this candidate, also while it is being made."""
    for job in client.jobs(state.workspace(), state.owner(), kind=kind, dataset=row.dataset, limit=20):
        if job.params.get("run") == row.id and job.params.get("candidate") == name:
            found = state.stored(model, client.folder(state.workspace(), job.id) / file)
            if found is not None:
                return job, found
    return None


def class_box(row: RunRow, result: Comparison, key: str) -> str | None:
    """Which class is explained; None: the predicted one, or a number."""
    if not result.classes:
        return None
    return st.selectbox(
        _("Why it was, or was not"), result.classes, index=None, placeholder=_("what it was called"),
        key=f"{key}-label-{row.id}",
    )  # fmt: skip


def output_box(result: Comparison, key: str) -> Output:
    """Probability, which people know, or log-odds, which add up."""
    if not result.classes:
        return "margin"
    words: dict[Output, str] = {"probability": _("probability"), "margin": _("log-odds")}
    chosen = st.segmented_control(
        _("On the scale of"), list(words), default="probability", required=True, format_func=words.__getitem__,
        key=f"{key}-output", persist_state="session",
        help=_("Log-odds are ln(p / (1 − p)): evidence adds up on them; probabilities are squeezed near 0 and 1."),
    )  # fmt: skip
    return chosen or "probability"


def unit_words(unit: str) -> str:
    """A unit as it is shown: the two of classes translated, a target's name as it is."""
    return {"probability": _("probability"), "log-odds": _("log-odds")}.get(unit, unit)


def columns_used(dataset: str) -> int:
    """How many columns a model may look at."""
    schema = state.schema(dataset)
    return len(schema.names("text", "number", "category", "date")) if schema else 0


def start_place(how_long: str) -> DeltaGenerator:
    """A line for how long a job takes and the button that starts it: in a narrow column its label was cut off."""
    place = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    place.caption(plain(how_long), width="content")
    return place


def start_button(place: DeltaGenerator, kind: str, dataset: str, label: str, icon: str, *, first: bool) -> bool:
    """The button that starts a job: filled while nothing is there yet, off while one runs.  →  whether pressed"""
    job = job_panel.latest(kind, dataset)
    busy = job is not None and job.active
    look: Literal["primary", "secondary"] = "primary" if first and not busy else "secondary"
    return place.button(label, icon=icon, type=look, disabled=busy, key=f"{kind}-start")


def start(kind: str, params: BaseModel, dataset: str) -> None:
    """Queue the job and draw the page again with its panel."""
    if starting.submit(kind, params, dataset):
        st.rerun()
