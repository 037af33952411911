"""Attention rollout of a text's words beside their Shapley values: attention is not attribution."""

from __future__ import annotations

import streamlit as st

from core.results.explanations.attention import Attention
from pages.explain import common
from pages.explain.attention import charts
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain


def draw(found: Attention) -> None:
    """Rollout of each word beside its Shapley value."""
    if not found.words:
        return
    st.markdown(_("**Attention is not attribution: the two side by side**"))
    st.caption(
        _(
            "Left: attention rollout, the share of each word in the text's embedding if attention alone handed it on "
            "through the layers (half of each layer is the residual connection). Right: what the word does to the "
            "answer, its Shapley value within the column."
        )
    )
    display.show(
        charts.beside(found, common.unit_words(found.unit)), "attention-words", charts.words(found),
        name="attention-words", alt=_("Words of the text: attention rollout on the left, Shapley value on the right"),
    )  # fmt: skip
    if all(word.effect is None for word in found.words):
        st.caption(_("The Shapley values are not there yet."))
        return
    label = _("Shapley values of “{label}”.").format(label=found.label) + " " if found.label else ""
    if found.correlation is None:
        text = _("Too few words differ to compare the two rankings.")
        st.caption(plain(label + text))
        return
    n_known = sum(word.effect is not None for word in found.words)
    text = _n(
        "Spearman's rank correlation of rollout and the size of the Shapley value: {value} over {n} word.",
        "Spearman's rank correlation of rollout and the size of the Shapley value: {value} over {n} words.",
        n_known,
    )
    st.caption(
        plain(label + text.format(value=numbers.signed(found.correlation), n=n_known)),
        help=_("1: the same order. 0: the orders have nothing in common. −1: the reverse order."),
    )
