"""Recent runs on Home: open one again, rename it, delete it."""

from __future__ import annotations

import streamlit as st

from core.jobs.housekeeping import delete_run
from core.results.comparison import Comparison
from core.workspace import RunRow
from pages.shared import names, navigation, numbers, state
from pages.shared.datetimes import when
from pages.shared.i18n import _
from pages.shared.markup import plain, short
from pages.shared.session import current

MOST = 8


def draw() -> None:
    """The newest comparisons, once there are some."""
    runs = state.workspace().runs(state.owner(), kind="compare")
    if not runs:
        return
    st.subheader(_("Recent runs"), anchor=False)
    tables = {row.id: row.name for row in state.workspace().datasets(state.owner())}
    for run in runs[:MOST]:
        _entry(run, tables.get(run.dataset, ""))


def _entry(run: RunRow, table: str) -> None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{short(run.name, 80)}**")
            st.caption(plain(" · ".join(filter(None, (table, when(run.created), best(run))))))
        if st.button(_("Open"), key=f"open-run-{run.id}"):
            current.choose_run(run.id)
            navigation.go("results")
        with st.popover(_("Rename"), key=f"rename-run-{run.id}"):
            name = st.text_input(_("New name"), run.name, max_chars=120, key=f"name-run-{run.id}")
            if st.button(_("Rename"), key=f"rename-run-ok-{run.id}", disabled=not name.strip()):
                state.workspace().rename_run(run.id, state.owner(), name)
                st.rerun()
        with st.popover(_("Delete"), key=f"delete-run-{run.id}"):
            st.markdown(_("This deletes the run with its models, for good."))
            if st.button(_("Delete it"), key=f"delete-run-ok-{run.id}", type="primary"):
                delete_run(state.workspace(), run.id, state.owner())
                state.record("delete", run.id)
                st.rerun()


def best(run: RunRow) -> str:
    """The winner with its score, in a few words."""
    result = state.stored(Comparison, state.workspace().run_folder(run.id) / "result.json")
    winner = result.candidate(result.best) if result and result.best else None
    if result is None or winner is None:
        return ""
    return _("{name}: {metric} {score}").format(
        name=names.line_label(winner),
        metric=numbers.metric_phrase(result.metric),
        score=numbers.score_with_interval(winner.scores.get(result.metric)),
    )
