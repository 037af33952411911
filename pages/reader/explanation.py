"""What the best candidate of a shared run looks at: its columns ranked, as its owner has had them explained."""

from __future__ import annotations

import streamlit as st

from core.jobs import client
from core.results.explanations.global_explanation import Importance, WholeExplanation
from core.workspace import RunRow
from pages.explain import common
from pages.explain.global_.charts import bars
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def newest(row: RunRow, name: str) -> WholeExplanation | None:
    """The newest explanation of a candidate over many rows that the run's owner has had made."""
    jobs = client.jobs(state.workspace(), row.owner, kind="explain-whole", dataset=row.dataset, limit=20)
    for job in jobs:
        if job.params.get("run") == row.id and job.params.get("candidate") == name and job.state == "done":
            found = state.stored(WholeExplanation, client.folder(state.workspace(), job.id) / "whole.json")
            if found is not None and found.shapley:
                return found
    return None


def draw(whole: WholeExplanation) -> None:
    """Both rankings of the columns; the words of texts and the rows behind them stay with the owner."""
    for message in whole.warnings:
        st.caption(plain(t(message)))
    left, right = st.columns(2)
    with left:
        st.markdown(_("**How far each column moves the answer**"))
        title = _("mean effect ({unit})").format(unit=common.unit_words(whole.unit))
        alt = _("Columns by the mean size of their Shapley value, the largest first: {columns}.")
        display.show(
            bars.importance(whole.shapley, title), "shared-shapley", alt=alt.format(columns=_named(whole.shapley))
        )
    with right:
        st.markdown(_("**What is lost when a column is shuffled**"))
        if not whole.permutation:
            st.caption(_("This is not measured yet."))
            return
        metric = numbers.metric_label(whole.permutation_metric)
        alt = _("Columns by what shuffling them costs, the costliest first: {columns}.")
        chart = bars.importance(whole.permutation, metric)
        display.show(chart, "shared-permutation", alt=alt.format(columns=_named(whole.permutation)))


def _named(lines: list[Importance]) -> str:
    return ", ".join(one.name for one in lines)
