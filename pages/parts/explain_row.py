"""One row explained: which one, what it costs, its bars and words."""

from __future__ import annotations

import streamlit as st

from core.evaluate.explanation import Explanation
from core.evaluate.result import Comparison
from core.explain.estimate import row_seconds
from core.plan import ExplainParams, GenerateParams
from core.workspace import RunRow
from pages.parts import answer, explain_parts, explain_views, job_panel, numbers, row_picker, starting, state
from pages.parts.plain import plain
from pages.parts.words import _, language, t


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, the explained rows."""
    shown = explain_parts.newest("explain", Explanation, "explanation.json", row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("explain", row.dataset)
    if shown is None:
        st.caption(_("Nothing has been explained yet. Choose a row and press Explain."))
        return
    job, explanation = shown
    for message in explanation.warnings:
        st.caption(plain(t(message)))
    for number, one in enumerate(explanation.rows):
        explain_views.one_row(explanation, one, f"row-{number}")
    if explanation.rows:
        params = GenerateParams(
            task="row", run=row.id, candidate=name, explanation=job.id, row=explanation.rows[0].row, language=language()
        )
        answer.draw("row", params, _("Explain this row in words"), about=job.id)


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    position = row_picker.draw(row, state.require_dataset(), result, name)
    left, middle, end = st.columns([2, 3, 1], vertical_alignment="bottom")
    with left:
        label = explain_parts.class_box(row, result, "explain")
    with middle:
        output = explain_parts.output_box(result, "explain")
    line = result.candidate(name)
    seconds = row_seconds(explain_parts.columns_used(row.dataset), 1, (line.ms_per_row if line else None) or 1.0)
    job = job_panel.latest("explain", row.dataset)
    busy = job is not None and job.active
    if end.button(
        _("Explain"),
        icon=":material/psychology:",
        type="primary" if first and not busy else "secondary",
        disabled=busy,
    ):
        params = ExplainParams(run=row.id, candidate=name, rows=[position], label=label, output=output)
        if starting.submit("explain", params, row.dataset):
            st.rerun()
    st.caption(plain(_("This takes about {time}.").format(time=numbers.seconds(seconds))))
