"""The Explain page: why one row was called so, and what the model looks at over the whole data."""

from __future__ import annotations

import streamlit as st

from core.evaluate.result import Comparison, Explanation
from core.explain.estimate import estimate_seconds
from core.jobs import client
from core.plan import ExplainParams, GenerateParams
from core.workspace import RunRow
from pages.parts import answer, explain_views, job_panel, numbers, road, row_picker, run_picker, starting, state
from pages.parts.plain import plain
from pages.parts.words import _, language, t


def draw() -> None:
    """Title, what to explain with its cost, the explanation."""
    st.title(_("Explain"))
    st.markdown(_("Why does the model say what it says? Columns and words on one scale."))
    row, result, name = run_picker.draw(without=frozenset({"dummy"}))
    shown = _newest(row, name)
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
    explain_views.whole(explanation)
    road.next_step(_("Use the model"), "use")


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    data = state.require_dataset()
    position = row_picker.draw(row, data, result, name)
    left, right, end = st.columns([2, 3, 1], vertical_alignment="bottom")
    label = None
    if result.classes:
        label = left.selectbox(
            _("Why it was, or was not"), result.classes, index=None, placeholder=_("what it was called"),
            key=f"explain-label-{row.id}",
        )  # fmt: skip
    whole = right.toggle(_("Also rank the columns over the whole data"), True, key=f"explain-whole-{row.id}")
    line = result.candidate(name)
    n_columns = len(_schema_columns(data.id))
    seconds = estimate_seconds(n_columns, 1, (line.ms_per_row if line else None) or 1.0, whole=whole)
    job = job_panel.latest("explain", row.dataset)
    busy = job is not None and job.active
    if end.button(
        _("Explain"),
        icon=":material/psychology:",
        type="primary" if first and not busy else "secondary",
        disabled=busy,
    ):
        params = ExplainParams(run=row.id, candidate=name, rows=[position], whole=whole, label=label)
        if starting.submit("explain", params, row.dataset):
            st.rerun()
    st.caption(plain(_("This takes about {time}.").format(time=numbers.seconds(seconds))))


def _schema_columns(dataset: str) -> list[str]:
    schema = state.schema(dataset)
    return schema.names("text", "number", "category", "date") if schema else []


def _newest(row: RunRow, name: str) -> tuple[client.Job, Explanation] | None:
    """The newest explanation of this candidate, also while it is being made."""
    for job in client.jobs(state.workspace(), state.owner(), kind="explain", dataset=row.dataset, limit=20):
        if job.params.get("run") == row.id and job.params.get("candidate") == name:
            found = state.stored(Explanation, client.folder(state.workspace(), job.id) / "explanation.json")
            if found is not None:
                return job, found
    return None


draw()
