"""Questions to the models of a laboratory run: asked once per question, answered in parts, stopped by a button."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st
from pydantic import BaseModel

from core.jobs import client
from core.jobs.resident.client import Call
from core.results.language.inspection import TrainedModel
from core.results.language.laboratory import CARD, LabModel
from pages.shared import state
from pages.shared.i18n import _, t
from pages.shared.runs import starting

M = TypeVar("M", bound=BaseModel)
FIRST_SECONDS = 40.0  # the worker may have to start and to open the model
MOST_KEPT = 24  # answers in a session


def label(model: LabModel) -> str:
    """A model's name on screen."""
    return t(model.label) or model.name


def trained(run: str, model: LabModel) -> TrainedModel:
    """Which model a question is for."""
    return TrainedModel(run=run, name=model.name)


def call(op: str, asked: BaseModel, *, again: int = 0) -> Call:
    """The question under way, or answered before; `again` asks anew."""
    kept: dict[str, Call] = st.session_state.setdefault("lab-calls", {})
    key = f"{op}|{again}|{_as_it_is(asked)}|{asked.model_dump_json()}"
    if key not in kept or (kept[key].error is not None and not kept[key].active):
        kept[key] = Call(state.workspace(), op, asked.model_dump(mode="json"), state.owner())
        for old in list(kept)[:-MOST_KEPT]:
            kept.pop(old).cancel()
    return kept[key]


def _as_it_is(asked: BaseModel) -> int:
    """When the model that is asked was last written: one in training answers otherwise a moment later."""
    model = getattr(asked, "model", None)
    if not isinstance(model, TrainedModel):
        return 0
    card = client.folder(state.workspace(), model.run) / "models" / model.name / CARD
    return card.stat().st_mtime_ns if card.is_file() else 0


def answer(op: str, kind: type[M], asked: BaseModel) -> M | None:
    """The whole answer, waited for; if there is none, the reason is shown."""
    found = call(op, asked)
    if found.active:
        found.wait(0.3)
    if found.active:
        with st.spinner(_("Asking the model")):
            found.wait(FIRST_SECONDS)
    if found.result is not None:
        return kind.model_validate(found.result)
    if found.error is not None:
        starting.show_error(found.error)
    else:
        st.warning(_("The model has not answered yet. Try again in a moment."))
    return None


def newest(kind: type[M], found: Call) -> M | None:
    """What is known of an answer so far."""
    data = found.result or (found.parts[-1] if found.parts else None)
    return None if data is None else kind.model_validate(data)
