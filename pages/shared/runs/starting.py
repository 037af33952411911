"""Starting work on a table: reading one, and what follows of itself once it has arrived."""

from __future__ import annotations

import streamlit as st
from pydantic import BaseModel

from core.data.samples import sample
from core.job_params import CompareParams, ReadParams
from core.jobs import client
from core.messages import AmalgamError
from core.plan import Plan
from core.workspace import new_id
from pages.shared import navigation, state
from pages.shared.i18n import t
from pages.shared.markup import plain
from pages.shared.runs import within
from pages.shared.session import current
from pages.shared.session.slots import Slot

ARRIVING = Slot("arriving-dataset", "")  # being read; becomes the current data set when it is there
THEN_COMPARE = Slot("then-compare", "")  # target to compare for, once it is there
PAGE = Slot("current-page", "")
TOUR = Slot("tour-step", 0)  # step of the guided case on Home; 0: not on tour
VIEW = "data-view"  # key of the Data page's switch: table, add, all


def submit(kind: str, params: BaseModel, dataset: str = "") -> str | None:
    """Queue a piece of work; if that can't be done, the reason is shown and None comes back."""
    try:
        job = client.submit(
            state.workspace(), kind=kind, owner=state.owner(), params=params, dataset=dataset, address=state.address()
        )
    except AmalgamError as error:
        show_error(error)
        return None
    state.record_job(kind, dataset, job)
    return job


def show_error(error: AmalgamError) -> None:
    """The user's problem in one place: what is wrong, and what to do."""
    words = f"{t(error.message)} {t(error.hint)}".strip()
    st.error(plain(words), icon=":material/error:")


def read(params: ReadParams, *, then_compare: str = "") -> bool:
    """Read a table; the page turns to it when it is there.  →  whether it was queued"""
    if submit("read", params, params.dataset) is None:
        return False
    ARRIVING.set(params.dataset)
    THEN_COMPARE.set(then_compare)
    return True


def read_uploads(uploads: list[str], name: str, *, test_upload: str | None = None, dataset: str = "") -> bool:
    """Read uploaded files as one table, a new one or in the place of `dataset`."""
    params = ReadParams(dataset=dataset or new_id(), name=name, uploads=uploads, test_upload=test_upload)
    return read(params)


def read_sample(name: str, *, compare: bool = False) -> bool:
    """Read a bundled sample, and train on it at once if asked."""
    entry = sample(name)
    params = ReadParams(dataset=new_id(), name=t(entry.label), sample=name)
    return read(params, then_compare=entry.target if compare else "")


def arrivals() -> None:
    """Turn to a table that has just been read, and start the training that was asked for with it."""
    arriving = ARRIVING.get()
    if not arriving or _still_read(arriving):
        return
    row = state.workspace().dataset(arriving, state.owner())
    target = THEN_COMPARE.get()
    ARRIVING.set("")
    THEN_COMPARE.set("")
    if row is None:
        return
    current.choose_dataset(arriving)
    st.session_state[VIEW] = "table"
    waits_on_home = PAGE.get() == "home" and not TOUR.get()
    if target:
        params = CompareParams(dataset=arriving, name=row.name, plan=first_plan(arriving, target))
        if submit("compare", params, arriving) and waits_on_home and navigation.ALL["compare"].exists:
            navigation.go("compare")
    elif waits_on_home:
        navigation.go("data")


def first_plan(dataset: str, target: str) -> Plan:
    """What the Compare page would train before anything is changed there."""
    schema, row = state.schema(dataset), state.workspace().dataset(dataset, state.owner())
    if schema is None or schema.task is None or row is None:
        return Plan(target=target)
    candidates, budget = within.usual(schema, row.n_rows, schema.task)
    how = schema.target_as
    return Plan(target=target, task=schema.task, target_as=how, candidates=candidates, budget_seconds=budget)


def _still_read(dataset: str) -> bool:
    jobs = client.jobs(state.workspace(), state.owner(), active=True, kind="read", dataset=dataset, limit=1)
    return bool(jobs)
