"""Partial dependence of one column, with single rows' own lines (ICE)."""

from __future__ import annotations

import streamlit as st

from pages.explain.global_.charts import effects
from pages.explain.global_.common import Found, one_class, stored
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _
from pages.shared.markup import plain


def draw(found: Found) -> None:
    """A column, a class, the curve."""
    lines = stored(found.job, "effects.parquet")
    if not found.whole.effects or lines.empty:
        st.caption(_("No column but texts has two values here, or the time did not reach this far. Allow more time."))
        return
    left, right = st.columns(2)
    with left:
        columns = found.whole.effects
        name = str(st.selectbox(_("Column"), columns, key=f"effect-column-{found.row.id}") or columns[0])
    with right:
        label = one_class(found, "whole-effect")
    st.caption(
        plain(
            _(
                "What the model would say if this column had another value and all others stayed: the mean of many "
                "rows, and single rows. Lines that are not parallel show that other columns matter for it."
            )
        )
    )
    shown = lines[(lines["column"] == name) & (lines["label"] == label)]
    axis = f"{label} · {found.unit}" if label else found.unit
    figure = chart_theme.kept(
        f"effect-{found.job}-{label}-{name}",
        found.whole,
        lambda: effects.effect(shown, name, found.kind(name), chart_theme.literal(axis)),
    )
    alt = _("Partial dependence of the output on “{column}”").format(column=name)
    table = shown.assign(row=[_("mean") if row < 0 else str(row + 1) for row in shown["row"]])
    display.show(figure, "whole-effect", table, name="partial-dependence", alt=alt)
