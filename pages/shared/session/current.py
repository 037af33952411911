"""What a session works on, as ids: the current data set, run and candidate, or an empty state where there is none."""

from __future__ import annotations

import streamlit as st

from core.jobs import client
from core.workspace import DatasetRow, RunRow
from pages.shared import navigation, state
from pages.shared.i18n import _
from pages.shared.session import slots

DATASET = slots.Kept("dataset", "")
RUN = slots.Kept("run", "")
CANDIDATE = slots.Kept("candidate", "")


def say_choices() -> None:
    """Have the address hold what was chosen, whichever page it is."""
    for slot in (DATASET, RUN, CANDIDATE):
        slot.say()


def dataset() -> DatasetRow | None:
    """The data set this session works on: the chosen one, else that of the chosen run, else the newest."""
    if chosen := DATASET.get():
        if row := state.workspace().dataset(chosen, state.owner()):
            return row
        DATASET.set("")
    elif (run_row := state.workspace().run(RUN.get(), state.owner())) and (
        row := state.workspace().dataset(run_row.dataset, state.owner())
    ):
        return row
    newest = state.workspace().datasets(state.owner())
    return newest[0] if newest else None


def choose_dataset(dataset_id: str) -> None:
    """Work on this data set from now on; a run of another one is put aside."""
    if dataset_id != DATASET.get():
        RUN.set("")
        CANDIDATE.set("")
    DATASET.set(dataset_id)


def require_dataset() -> DatasetRow:
    """The current data set, or an empty state that says what to do, and the page ends there."""
    row = dataset()
    if row is not None and state.schema(row.id) is not None:
        return row
    missing(_("There is no table yet. Choose a file or a sample on the Data page first."), "data", _("Go to Data"))
    st.stop()


def run(dataset_id: str | None = None) -> RunRow | None:
    """The comparison this session looks at: the chosen one, else the newest of the current data set.

    A lesson is only taken where there is nothing else.
    """
    if dataset_id is None:
        current = dataset()
        dataset_id = current.id if current else None
    if chosen := RUN.get():
        row = state.workspace().run(chosen, state.owner())
        if row is not None and row.dataset == dataset_id:
            return row
        RUN.set("")
    runs = state.workspace().runs(state.owner(), dataset_id, "compare") if dataset_id else []
    return next((row for row in runs if not _is_lesson(row.id)), runs[0] if runs else None)


def _is_lesson(run_id: str) -> bool:
    job = client.get(state.workspace(), run_id, state.owner())
    return job is not None and bool(job.params.get("lesson"))


def choose_run(run_id: str, candidate: str = "") -> None:
    """Look at this run from now on, and work on its data set."""
    if row := state.workspace().run(run_id, state.owner()):
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
