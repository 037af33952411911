"""The whole data explained: columns ranked in two ways, and the words that push most."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.evaluate.explanation import WholeExplanation
from core.evaluate.result import Comparison
from core.explain.estimate import whole_seconds
from core.plan import WholeParams
from core.workspace import RunRow
from pages.parts import charts, drawing, explain_charts, explain_parts, job_panel, numbers, starting
from pages.parts.plain import plain
from pages.parts.words import _, t


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, what was found."""
    shown = explain_parts.newest("explain-whole", WholeExplanation, "whole.json", row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("explain-whole", row.dataset)
    if shown is None:
        st.caption(_("Nothing has been explained yet. Press Explain to see which columns and words matter."))
        return
    _job, whole = shown
    for message in whole.warnings:
        st.caption(plain(t(message)))
    _columns(whole)
    _words(whole)


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    left, middle, end = st.columns([2, 3, 1], vertical_alignment="bottom")
    with left:
        label = explain_parts.class_box(row, result, "whole")
    with middle:
        output = explain_parts.output_box(result, "whole")
    line = result.candidate(name)
    seconds = whole_seconds(explain_parts.columns_used(row.dataset), (line.ms_per_row if line else None) or 1.0)
    job = job_panel.latest("explain-whole", row.dataset)
    busy = job is not None and job.active
    if end.button(
        _("Explain"),
        icon=":material/psychology:",
        type="primary" if first and not busy else "secondary",
        disabled=busy,
        key="explain-whole-start",
    ):
        params = WholeParams(run=row.id, candidate=name, label=label, output=output)
        if starting.submit("explain-whole", params, row.dataset):
            st.rerun()
    st.caption(plain(_("This takes about {time}.").format(time=numbers.seconds(seconds))))


def _columns(whole: WholeExplanation) -> None:
    if not whole.shapley:
        return
    left, right = st.columns(2)
    with left:
        st.markdown(_("**How far each column moves the answer**"))
        st.caption(_("Mean size of its Shapley value over {n} rows.").format(n=whole.n_rows))
        data = pd.DataFrame([{"column": one.name, **one.value.model_dump()} for one in whole.shapley])
        figure = drawing.kept("shapley", whole, lambda: explain_charts.importance(whole.shapley, _("mean effect")))
        charts.show(figure, "shapley", data)
    if whole.permutation:
        with right:
            st.markdown(_("**What is lost when a column is shuffled**"))
            metric = numbers.metric_label(whole.permutation_metric)
            phrase = numbers.metric_phrase(whole.permutation_metric)
            st.caption(plain(_("Loss of {metric}: permutation importance.").format(metric=phrase)))
            data = pd.DataFrame([{"column": one.name, **one.value.model_dump()} for one in whole.permutation])
            figure = drawing.kept("permutation", whole, lambda: explain_charts.importance(whole.permutation, metric))
            charts.show(figure, "permutation", data)


def _words(whole: WholeExplanation) -> None:
    if whole.words:
        with st.expander(_("Words that push most"), icon=":material/format_quote:"):
            data = pd.DataFrame([word.model_dump() for word in whole.words])
            figure = drawing.kept("words", whole, lambda: explain_charts.words(whole.words))
            charts.show(figure, "words", data)
