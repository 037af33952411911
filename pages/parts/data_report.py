"""The table in pictures: what the checks found, the target's spread, gaps, and any one column."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.data.schema import ColumnReport, Finding, Report, Schema
from core.workspace import DatasetRow
from pages.parts import charts, drawing, numbers
from pages.parts.plain import plain, short
from pages.parts.words import _, t

IN_COLUMNS = {"leak", "id", "constant", "empty"}  # these stand beside their column, with a button
MOST_GAPS = 25


def findings(report: Report) -> None:
    """What the checks found, the warnings first, each with what is done about it."""
    found = [finding for finding in report.findings if finding.code not in IN_COLUMNS]
    for finding in sorted(found, key=lambda finding: finding.severity != "warning"):
        _finding(finding)


def _finding(finding: Finding) -> None:
    words = plain(f"{t(finding.message)} {t(finding.action)}".strip())
    if finding.severity == "warning":
        st.warning(words, icon=":material/warning:")
    else:
        st.info(words, icon=":material/info:")


@st.fragment
def draw(row: DatasetRow, report: Report, schema: Schema) -> None:
    """Target and gaps side by side, then one column of the user's choice."""
    target = next((entry for entry in report.columns if entry.name == schema.target), None)
    left, right = st.columns(2)
    if target is not None:
        with left:
            st.markdown(_("**What is predicted: {column}**").format(column=short(target.name, 40)))
            _spread(target, f"spread-target-{row.id}", report.n_rows)
    with right:
        _gaps(row, report)
    with st.container():
        name = st.selectbox(
            _("Look at one column"),
            [entry.name for entry in report.columns],
            key=f"column-{row.id}",
            persist_state="page",
        )
        chosen = next((entry for entry in report.columns if entry.name == name), None)
        if chosen is not None:
            _one(row, chosen, report.n_rows)


def _drawable(entry: ColumnReport, schema: Schema) -> bool:
    return bool(entry.histogram or entry.top) and entry.name not in schema.names("target", "id", "ignored")


def _gaps(row: DatasetRow, report: Report) -> None:
    st.markdown(_("**Missing values**"))
    gaps = sorted((entry for entry in report.columns if entry.n_missing), key=lambda entry: -entry.n_missing)
    if not gaps:
        st.caption(_("No value is missing."))
        return
    shown = gaps[:MOST_GAPS][::-1]
    share = [entry.n_missing / max(1, report.n_rows) for entry in shown]
    figure = drawing.figure(height=90 + 24 * len(shown))
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=[drawing.literal(entry.name, 28) for entry in shown],
            x=share,
            marker={"color": drawing.GREY},
            customdata=[numbers.count(entry.n_missing) for entry in shown],
            hovertemplate="%{y}<br>%{customdata} (%{x:.1%})<extra></extra>",
        )
    )
    figure.update_xaxes(title=_("share of rows"), tickformat=".0%", range=[0, 1], fixedrange=True)
    figure.update_yaxes(type="category", fixedrange=True)
    data = pd.DataFrame({"column": [entry.name for entry in gaps], "missing": [entry.n_missing for entry in gaps]})
    charts.show(figure, f"gaps-{row.id}", data, name="missing", alt=_("Share of missing values by column"))


def _one(row: DatasetRow, entry: ColumnReport, n_rows: int) -> None:
    left, right = st.columns([2, 1])
    with left:
        _spread(entry, f"spread-{row.id}", n_rows)
    with right:
        facts = [
            (_("Different values"), numbers.count(entry.n_distinct)),
            (_("Missing"), numbers.count(entry.n_missing)),
            (_("Smallest"), numbers.figure(entry.minimum)),
            (_("Mean"), numbers.figure(entry.mean)),
            (_("Middle"), numbers.figure(entry.median)),
            (_("Largest"), numbers.figure(entry.maximum)),
            (_("Mean length, characters"), numbers.figure(entry.mean_length)),
        ]
        known = [(name, value) for name, value in facts if value != "–"]
        st.dataframe(pd.DataFrame(known, columns=[_("Fact"), _("Value")]), hide_index=True, key=f"facts-{row.id}")
        if entry.missing_plan is not None:
            st.caption(plain(t(entry.missing_plan)))


def _spread(entry: ColumnReport, key: str, n_rows: int) -> None:
    """A histogram for numbers, the most frequent values for the rest."""
    figure = drawing.figure(height=280)
    if entry.histogram:
        data = pd.DataFrame(entry.histogram, columns=["from", "to", "rows"])
        figure.add_trace(
            go.Bar(
                x=(data["from"] + data["to"]) / 2,
                y=data["rows"],
                width=data["to"] - data["from"],
                marker={"color": drawing.ACCENT, "line": {"width": 0.5}},
                customdata=[[numbers.figure(low), numbers.figure(high)] for low, high, _n in entry.histogram],
                hovertemplate="%{customdata[0]} – %{customdata[1]}<br>%{y:,}<extra></extra>",
            )
        )
        figure.update_xaxes(title=drawing.literal(entry.name, 40))
        figure.update_yaxes(title=_("rows"), rangemode="tozero")
    elif entry.top:
        data = pd.DataFrame(entry.top, columns=["value", "rows"])
        top = entry.top[::-1]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[drawing.literal(value or _("empty"), 32) for value, _n in top],
                x=[n for _value, n in top],
                marker={"color": drawing.ACCENT},
                customdata=[n / max(1, n_rows) for _value, n in top],
                hovertemplate="%{y}<br>%{x:,} (%{customdata:.1%})<extra></extra>",
            )
        )
        figure.update_xaxes(title=_("rows"), rangemode="tozero")
        figure.update_yaxes(type="category")
    else:
        st.caption(_("There is nothing to draw for this column."))
        return
    figure.update_layout(bargap=0.12, showlegend=False)
    charts.show(figure, key, data, name="column", alt=_("How often each value occurs"))
