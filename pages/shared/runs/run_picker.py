"""Which run and which candidate a page looks at: the same two boxes on Results, Explain and Use."""

from __future__ import annotations

import streamlit as st

from core.results.comparison import Comparison
from core.workspace import RunRow
from pages.shared import names, state
from pages.shared.datetimes import when
from pages.shared.i18n import _
from pages.shared.runs.board import ranking
from pages.shared.session import current


def draw(*, without: frozenset[str] = frozenset()) -> tuple[RunRow, Comparison, str]:
    """The chosen run, its comparison and a finished candidate; else an empty state, and the page ends there.

    without: families that the page has nothing to say about.
    """
    row = current.require_run()
    runs = state.workspace().runs(state.owner(), row.dataset, "compare")
    left, right = st.columns(2)
    labels = {run.id: f"{run.name} · {when(run.created)}" for run in runs}
    chosen = left.selectbox(
        _("Run"),
        list(labels),
        index=list(labels).index(row.id) if row.id in labels else 0,
        format_func=labels.__getitem__,
        key=f"run-of-{row.dataset}-{row.id}",
    )
    if chosen and chosen != row.id:
        current.choose_run(chosen)
        st.rerun()
    result = state.stored(Comparison, state.workspace().run_folder(row.id) / "result.json")
    lines = [line for line in ranking.ranked(result) if line.mode not in without] if result else []
    if result is None or not lines:
        current.missing(_("No candidate of this run finished. Compare again."), "compare", _("Go to Compare"))
        st.stop()
    options = [line.name for line in lines]
    before = current.CANDIDATE.get()
    candidate = right.selectbox(
        _("Candidate"),
        options,
        index=options.index(before) if before in options else 0,
        format_func={line.name: names.line_label(line, result.task) for line in lines}.__getitem__,
        key=f"candidate-of-{row.id}-{len(without)}",
    )
    current.CANDIDATE.set(candidate or options[0])
    return row, result, candidate or options[0]
