"""What a session works on, as ids: the current data set, run and candidate, or an empty state where there is none."""

from __future__ import annotations

import streamlit as st

from core.access.shares import NOT_YOURS
from core.jobs import client
from core.workspace import DatasetRow, RunRow
from pages.shared import navigation, state
from pages.shared.i18n import _, t
from pages.shared.session import slots

DATASET = slots.Kept("dataset", "")
RUN = slots.Kept("run", "")
CANDIDATE = slots.Kept("candidate", "")
LINK = "share"  # in an address: what opens somebody else's run
STRAYED = slots.Slot("strayed", "")  # the page whose address named what is not this person's
ANYWHERE = "?"  # it is not known yet which page that is


def say_choices() -> None:
    """Have the address hold what was chosen, whichever page it is."""
    for slot in (DATASET, RUN, CANDIDATE):
        slot.say()


def reading() -> bool:
    """Whether this is somebody who was given a link to a run: they read, and neither change nor take anything."""
    return LINK in st.query_params


def check_address() -> None:
    """Forget what the address a session begins with names that is not this person's, and remember that it did."""
    workspace, owner = state.workspace(), state.owner()
    named = [slot for slot in (DATASET, RUN) if slot.key not in st.session_state and slot.get()]
    known = {DATASET: workspace.dataset, RUN: workspace.run}
    for slot in named:
        mine = known[slot](slot.get(), owner) or client.get(workspace, slot.get(), owner)  # or still in work
        if mine is None:
            slot.set("")
            STRAYED.set(ANYWHERE)


def strayed(page: str) -> bool:
    """Whether this page was asked for what is not this person's; going to another page ends that."""
    if STRAYED.get() == ANYWHERE:
        STRAYED.set(page)
    elif STRAYED.get() != page:
        STRAYED.set("")
    return bool(STRAYED.get())


def not_yours() -> None:
    """What a link says that leads nowhere, or nowhere any more, and the way to what is this person's own."""
    with st.container(border=True):
        st.markdown(t(NOT_YOURS))
        st.button(_("Show what is mine"), type="primary", key="not-yours", on_click=_to_mine)


def _to_mine() -> None:
    STRAYED.set("")
    st.query_params.pop(LINK, None)


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
