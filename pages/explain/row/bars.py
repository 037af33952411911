"""An explained row as it is drawn: bars of columns, and texts opened into sentences and words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.rows import Explanation, RowExplanation
from pages.explain import common
from pages.explain.row import charts
from pages.explain.row import text as explain_text
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n
from pages.shared.markup import plain, short


def one_row(explanation: Explanation, row: RowExplanation, key: str) -> None:
    """Base and bars up to the output; each text opened."""
    with st.container(border=True):
        st.markdown(_heading(explanation, row))
        unit = common.unit_words(explanation.unit)
        data = pd.DataFrame([one.model_dump(exclude={"parts"}) for one in row.columns])
        strongest = row.columns[0] if row.columns else None
        alt = _(
            "From the base {base} to the output {output}, one bar per column; the longest is {column} with {value}."
        )
        display.show(
            chart_theme.kept(f"row-{unit}", row, lambda: charts.row(row, unit)),
            f"{key}-bars",
            data,
            name="columns",
            alt=alt.format(
                base=numbers.figure(row.base),
                output=numbers.figure(row.output),
                column=strongest.name if strongest else "–",
                value=numbers.signed(strongest.value) if strongest else "–",
            ),
        )
        st.caption(plain(_sum(row)), help=_background(explanation))
        for number, column in enumerate(one for one in row.columns if one.parts):
            explain_text.draw(column, f"{key}-text-{number}")


def _sum(row: RowExplanation) -> str:
    line = _(
        "base {base} and the bars sum to {output} · error {error} · {how} · evaluations: {evaluations} · {seconds}"
    )
    sampled = any(one.high > one.low for one in row.columns)
    return line.format(
        base=numbers.figure(row.base),
        output=numbers.figure(row.output),
        error=_("below 0.001") if abs(row.error) < 0.001 else numbers.figure(row.error, 2),
        how=_("bars sampled, with 95 % bands") if sampled else _("bars exact"),
        evaluations=numbers.count(row.evaluations),
        seconds=numbers.seconds(row.seconds),
    )


def _background(explanation: Explanation) -> str:
    text = _n(
        "A bar is a Shapley value: what showing the column changes, on average over all orders of showing columns. A "
        "hidden column takes its value in {n} row that stands for the training data; the base is the answer with all "
        "columns hidden.",
        "A bar is a Shapley value: what showing the column changes, on average over all orders of showing columns. A "
        "hidden column takes its values in {n} rows that stand for the training data; the base is the answer with all "
        "columns hidden.",
        explanation.background_rows,
    )
    return text.format(n=explanation.background_rows)


def _heading(explanation: Explanation, row: RowExplanation) -> str:
    if row.label and row.called and row.called != row.label:
        line = _("What speaks for “{label}” in row {row}, which was called “{called}”: {output}, on average {base}.")
    elif row.label and explanation.unit == "log-odds":
        line = _("Why row {row} was called “{label}”: its log-odds are {output}, on average {base}.")
    elif row.label:
        line = _("Why row {row} was called “{label}”: the model says {output}, on average it says {base}.")
    else:
        line = _("Why row {row} was given {output}: on average the model says {base}.")
    return line.format(
        row=row.row + 1,
        label=short(row.label),
        called=short(row.called),
        output=numbers.figure(row.output),
        base=numbers.figure(row.base),
    )
