"""The stored Shapley values row by row: a summary of all columns, and one column's value against its effect."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.global_explanation import of_class
from pages.explain.global_.charts import dots, effects
from pages.explain.global_.common import Found, one_class, push
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain


def summary(found: Found) -> None:
    """Every explained row as a dot in every column."""
    label = one_class(found, "whole-summary")
    st.caption(
        plain(
            _(
                "Each dot is a row: to the right, its value pushes toward the class; to the left, away from it. Its "
                "colour is the column's value, from low to high; each category has its own; texts are grey."
            )
            if label
            else _(
                "Each dot is a row: to the right, its value raises the number; to the left, it lowers it. Its colour "
                "is the column's value, from low to high; each category has its own; texts are grey."
            )
        )
    )
    rows = of_class(found.rows(), label)
    order, kinds = found.order(), {name: found.kind(name) for name in found.order()}
    figure = chart_theme.kept(
        f"summary-{found.job}-{label}",
        found.whole,
        lambda: dots.summary(rows, order, kinds, push(found, label)),
    )
    alt = _n(
        "Shapley values of {n} row, a line of dots per column: {columns}",
        "Shapley values of {n} rows, a line of dots per column: {columns}",
        found.whole.n_rows,
    )
    shown = alt.format(n=numbers.count(found.whole.n_rows), columns=", ".join(order))
    display.show(figure, "whole-summary", _table(rows), name="shapley-values", alt=shown)


def dependence(found: Found) -> None:
    """One column's value against its Shapley value."""
    columns = [name for name in found.order() if found.kind(name) != "text"]
    if not columns:
        st.caption(_("There are only texts here: see their words under “Words”."))
        return
    boxes = st.columns(3)
    with boxes[0]:
        name = str(st.selectbox(_("Column"), columns, key=f"dependence-column-{found.row.id}") or columns[0])
    with boxes[1]:
        label = one_class(found, "whole-dependence")
    kind = found.kind(name)
    others = [one for one in columns if one != name and found.kind(one) in {"number", "date"}]
    colour = None
    if kind in {"number", "date"} and others:
        with boxes[2]:
            colour = st.selectbox(
                _("Colour"), others, index=None, placeholder=_("none"), key=f"dependence-colour-{found.row.id}-{name}",
                help=_("Colours that split the dots at one place show that the two columns act together."),
            )  # fmt: skip
    rows = of_class(found.rows(), label)
    lines = rows[rows["column"] == name]
    other = rows[rows["column"] == colour] if colour else None
    figure = chart_theme.kept(
        f"dependence-{found.job}-{label}-{name}-{colour}",
        found.whole,
        lambda: effects.dependence(lines, name, kind, push(found, label), other),
    )
    st.caption(_("Each dot is a row: the column's value, and how far it moves the answer."))
    alt = _n(
        "The value of “{column}” against its Shapley value in {n} row",
        "The value of “{column}” against its Shapley value in {n} rows",
        len(lines),
    ).format(column=name, n=len(lines))
    display.show(figure, "whole-dependence", _table(lines), name="dependence", alt=alt)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Lines to take away, rows counted from 1 as on the page."""
    kept = rows[["row", "label", "column", "number", "word", "effect", "base", "output"]]
    return kept.assign(row=kept["row"] + 1)
