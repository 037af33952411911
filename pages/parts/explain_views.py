"""An explained row as it is drawn: bars of columns, and texts opened into words."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.evaluate.explanation import Explanation, RowExplanation
from pages.parts import charts, drawing, explain_charts, explain_parts, numbers
from pages.parts.plain import plain, short
from pages.parts.words import _


def one_row(explanation: Explanation, row: RowExplanation, key: str) -> None:
    """Base and bars up to the output; each text opened into words."""
    with st.container(border=True):
        st.markdown(_heading(explanation, row))
        unit = explain_parts.unit_words(explanation.unit)
        data = pd.DataFrame([one.model_dump(exclude={"parts"}) for one in row.columns])
        charts.show(
            drawing.kept(f"row-{unit}", row, lambda: explain_charts.row(row, unit)), f"{key}-bars", data, name="columns"
        )
        line = _("base {base} and the bars sum to {output} · error {error} · {evaluations} evaluations · {seconds}")
        st.caption(
            plain(
                line.format(
                    base=numbers.figure(row.base),
                    output=numbers.figure(row.output),
                    error=_("below 0.001") if abs(row.error) < 0.001 else numbers.figure(row.error, 2),
                    evaluations=numbers.count(row.evaluations),
                    seconds=numbers.seconds(row.seconds),
                )
            )
        )
        for number, column in enumerate(one for one in row.columns if one.parts):
            words = _("{column}: {value} in all, opened into words")
            st.markdown(f"**{plain(words.format(column=column.name, value=numbers.signed(column.value)))}**")
            st.markdown(explain_charts.shaded(column.shown, column.parts))
            st.caption(_("Blue words push toward this answer, orange ones away from it."))
            parts = pd.DataFrame([part.model_dump() for part in column.parts])
            with st.expander(_("Word by word"), icon=":material/bar_chart:"):
                figure = drawing.kept("parts", column, partial(explain_charts.parts, column.parts))
                charts.show(figure, f"{key}-parts-{number}", parts, name="words")


def _heading(explanation: Explanation, row: RowExplanation) -> str:
    if row.label and explanation.unit == "log-odds":
        line = _("Why row {row} was called “{label}”: its log-odds are {output}, on average {base}.")
    elif row.label:
        line = _("Why row {row} was called “{label}”: the model says {output}, on average it says {base}.")
    else:
        line = _("Why row {row} was given {output}: on average the model says {base}.")
    return line.format(
        row=row.row + 1, label=short(row.label), output=numbers.figure(row.output), base=numbers.figure(row.base)
    )
