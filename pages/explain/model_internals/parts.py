"""What linear models, support vector machines and neighbours show of themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.results.explanations.model_internals import Coefficient, Linear, OwnExplanation
from pages.explain.model_internals import charts
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain


def weighted_sum(own: OwnExplanation, linear: Linear) -> None:
    """What a linear model adds up, for one class."""
    labels = list(linear.intercepts)
    label = labels[0]
    if len(labels) > 1:
        label = st.selectbox(_("Score of the class"), labels, index=len(labels) - 1, key="own-label") or labels[-1]
    unit = {
        "log-odds": _("log-odds"), "score": _("score before the softmax"), "margin": _("margin"), "target": own.target,
    }[linear.unit]  # fmt: skip
    st.markdown(_("**What each column adds to the sum**"))
    text = _("Spread (standard deviation) over rows of what it adds, in {unit}. The sum starts at {n}, the intercept.")
    st.caption(plain(text.format(unit=unit, n=numbers.signed(linear.intercepts[label], 3))))
    blocks = [one for one in linear.blocks if one.label == label]
    data = pd.DataFrame([one.model_dump() for one in blocks])
    display.show(
        charts.blocks(blocks, unit), "own-blocks", data,
        alt=_("Bars: how much what each column adds differs from row to row"),
    )  # fmt: skip
    if any(one.kind == "embedding" for one in blocks):
        text = _("An embedding is shown as one: its single dimensions have no meaning of their own.")
        st.caption(text)
    own_ones = [one for one in linear.coefficients if one.label == label]
    _words([one for one in own_ones if one.feature.kind in {"word", "piece"}])
    others = [one for one in own_ones if one.feature.kind not in {"word", "piece"}]
    if others:
        st.markdown(_("**Coefficients of the columns**"))
        formats = dict.fromkeys((_("Coefficient"), _("Per unit of the column"), _("Spread of what it adds")), "%.3g")
        display.table(charts.coefficients(others), "own-coefficients", name="coefficients", formats=formats)


def _words(entries: Sequence[Coefficient]) -> None:
    if not entries:
        return
    st.markdown(_("**Words by their coefficient**"))
    st.caption(_("Those whose coefficient makes the largest difference between rows; per weight of 1 (TF-IDF)."))
    display.show(
        charts.weights(entries), "own-words", charts.coefficients(entries), name="words",
        alt=_("Bars: coefficients of words, toward the class to the right and away from it to the left"),
    )  # fmt: skip


def vectors(own: OwnExplanation) -> None:
    """How many support vectors there are, and the weightiest."""
    assert own.vectors is not None
    n = sum(own.vectors.counts.values())
    st.markdown(_("**Support vectors**"))
    text = _n(
        "{n} of {all} training rows ({share:.0%}) is a support vector: a row near the border, or on its wrong side, "
        "that alone decides where it runs.",
        "{n} of {all} training rows ({share:.0%}) are support vectors: the rows near the border, or on its wrong side, "
        "that alone decide where it runs.",
        n,
    )
    st.caption(text.format(n=numbers.count(n), all=numbers.count(own.vectors.n_rows), share=n / own.vectors.n_rows))
    if len(own.vectors.counts) > 1:
        counts = ", ".join(f"{label}: {numbers.count(k)}" for label, k in own.vectors.counts.items())
        st.caption(plain(counts))
    if own.vectors.heaviest:
        line = _n(
            "Those with the largest weight |α|. It is capped at C = {cap}; {n} of them reaches that.",
            "Those with the largest weight |α|. It is capped at C = {cap}; {n} of them reach that.",
            own.vectors.n_capped,
        )
        st.caption(line.format(cap=numbers.figure(own.vectors.cap), n=numbers.count(own.vectors.n_capped)))
        display.table(charts.similar(own.vectors.heaviest, own.target), "own-vectors", name="support-vectors")
    else:
        st.caption(_("The table has changed since the training, so they can't be shown as rows."))


def neighbours(own: OwnExplanation) -> None:
    """The training rows nearest to the chosen one."""
    near = own.neighbours
    assert near is not None
    st.markdown(_("**Training rows most like row {n}**").format(n=near.row + 1))
    if near.votes:
        text = _n(
            "The model answers by the {k} nearest row; above it the row itself.",
            "The model answers by the {k} nearest rows; above them the row itself.",
            near.k,
        )
    else:
        text = _(
            "Nearest in the features the model sees (Euclidean distance), among {n} training rows. This model does not "
            "decide by neighbours; they show what it takes for alike. Above them the row itself."
        )
    st.caption(text.format(k=near.k, n=numbers.count(near.n_searched)))
    formats = {_("Distance"): "%.3g"}
    asked = [near.asked] if near.asked else []
    display.table(charts.similar(asked + near.found, own.target), "own-neighbours", name="neighbours", formats=formats)
