"""The table in pictures: what the checks found, the target's spread, gaps, and any one column."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.data.schema import ColumnReport, Finding, Report, Schema
from core.workspace import DatasetRow
from pages.data import spread
from pages.shared import numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain, short

# these stand where there is a button for them
IN_COLUMNS = {"leak", "suspicious", "id", "constant", "empty", "grouping", "personal", "spellings",
              "rare_classes", "skewed", "several_labels"}  # fmt: skip
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
    halves = st.columns(2) if target is not None else [st.container()]
    if target is not None:
        with halves[0]:
            st.markdown(_("**What is predicted: {column}**").format(column=short(target.name, 40)))
            spread.draw(row, target, f"spread-target-{row.id}")
    with halves[-1]:
        _gaps(row)
    with st.container():
        names = [entry.name for entry in report.columns]
        first = next((entry.name for entry in report.columns if _drawable(entry, schema)), names[0])
        name = st.selectbox(
            _("Look at one column"), names, names.index(first), key=f"column-{row.id}", persist_state="page"
        )
        chosen = next((entry for entry in report.columns if entry.name == name), None)
        if chosen is not None:
            spread.with_facts(row, chosen)


def _drawable(entry: ColumnReport, schema: Schema) -> bool:
    return bool(entry.histogram or entry.top) and entry.name not in schema.names("target", "id", "ignored")


def _gaps(row: DatasetRow) -> None:
    st.markdown(_("**Missing values**"))
    figure, data = _gaps_drawn(row.id, state.report_version(row.id), language())
    if figure is None:
        st.caption(_("No value is missing."))
        return
    display.show(figure, f"gaps-{row.id}", data, name="missing", alt=_("Share of missing values by column"))


@lru_cache(maxsize=64)
def _gaps_drawn(dataset: str, version: int, language: str) -> tuple[go.Figure | None, pd.DataFrame]:
    """Columns with gaps, the worst on top. Drawn once per change and language."""
    report = state.report(dataset)
    entries = report.columns if report else []
    gaps = sorted((entry for entry in entries if entry.n_missing), key=lambda entry: -entry.n_missing)
    data = pd.DataFrame({"column": [entry.name for entry in gaps], "missing": [entry.n_missing for entry in gaps]})
    if report is None or not gaps:
        return None, data
    shown = gaps[:MOST_GAPS][::-1]
    figure = chart_theme.figure(height=120 + 24 * len(shown))
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=[chart_theme.literal(entry.name, 28) for entry in shown],
            x=[entry.n_missing / max(1, report.n_rows) for entry in shown],
            marker={"color": chart_theme.GREY},
            customdata=[numbers.count(entry.n_missing) for entry in shown],
            hovertemplate="%{y}<br>%{customdata} (%{x:.1%})<extra></extra>",
        )
    )
    figure.update_xaxes(title=_("share of rows"), tickformat=".0%", range=[0, 1], fixedrange=True)
    figure.update_yaxes(type="category", fixedrange=True)
    return figure, data
