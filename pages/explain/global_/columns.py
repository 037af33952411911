"""Columns ranked in two ways, and a note where the two disagree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.global_explanation import Importance, WholeExplanation, of_class, ranked
from core.results.explanations.importance_notes import disagreements
from pages.explain.global_.charts import bars
from pages.explain.global_.common import Found, class_or_called
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain


def draw(found: Found) -> None:
    """Shapley values on the left, permutation importance on the right."""
    whole = found.whole
    left, right = st.columns(2)
    with left:
        st.markdown(_("**How far each column moves the answer**"))
        st.caption(plain(_how(found)))
        label = class_or_called(found, "whole-columns")
        lines = whole.shapley if label is None else ranked(of_class(found.rows(), label))
        title = _("mean effect ({unit})").format(unit=found.unit)
        figure = chart_theme.kept(f"shapley-{label}", whole, lambda: bars.importance(lines, title))
        alt = _("Columns by the mean size of their Shapley value, the largest first: {columns}.")
        display.show(figure, "shapley", frame(lines), alt=alt.format(columns=", ".join(one.name for one in lines)))
    with right:
        st.markdown(_("**What is lost when a column is shuffled**"))
        if not whole.permutation:
            st.caption(_("This is not measured yet."))
            return
        metric = numbers.metric_label(whole.permutation_metric)
        phrase = numbers.metric_phrase(whole.permutation_metric)
        st.caption(plain(_on_which_rows(whole).format(metric=phrase)))
        figure = chart_theme.kept("permutation", whole, lambda: bars.importance(whole.permutation, metric))
        alt = _("Columns by what shuffling them costs, the costliest first: {columns}.")
        names = ", ".join(one.name for one in whole.permutation)
        display.show(figure, "permutation", frame(whole.permutation), alt=alt.format(columns=names))
    for message in disagreements(whole):
        st.info(plain(t(message)), icon=":material/compare_arrows:")


def _on_which_rows(whole: WholeExplanation) -> str:
    if whole.permutation_unseen:
        return _("Loss of {metric} on rows of the test file: permutation importance.")
    return _(
        "Loss of {metric} on rows the model has learned from: permutation importance. A model that knows these rows by "
        "heart makes columns look costlier than they are for new ones."
    )


def frame(lines: list[Importance]) -> pd.DataFrame:
    """Ranked columns as a table to take away."""
    return pd.DataFrame([{"column": one.name, **one.value.model_dump()} for one in lines])


def _how(found: Found) -> str:
    whole = found.whole
    template = (
        _n(
            "Mean size of its Shapley value over {n} row, every combination of columns tried; with 95 % intervals.",
            "Mean size of its Shapley value over {n} rows, every combination of columns tried; with 95 % intervals.",
            whole.n_rows,
        )
        if whole.exact
        else _n(
            "Mean size of its Shapley value over {n} row, combinations of columns sampled; with 95 % intervals.",
            "Mean size of its Shapley value over {n} rows, combinations of columns sampled; with 95 % intervals.",
            whole.n_rows,
        )
    )
    return template.format(n=numbers.count(whole.n_rows))
