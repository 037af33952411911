"""One column in pictures and facts: how its values are spread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.data.schema import ColumnReport
from core.workspace import DatasetRow
from pages.data.days import days
from pages.shared import numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain

FEW = 10  # so many different numbers are shown one by one


def with_facts(row: DatasetRow, entry: ColumnReport) -> None:
    """A column's chart, its numbers beside it."""
    left, right = st.columns([2, 1])
    with left:
        draw(row, entry, f"spread-{row.id}")
    with right:
        show = _show(row.id, entry)
        facts = [
            (_("Different values"), numbers.count(entry.n_distinct)),
            (_("Missing"), numbers.count(entry.n_missing)),
            (_("Smallest"), show(entry.minimum)),
            (_("Mean"), show(entry.mean)),
            (_("Middle"), show(entry.median)),
            (_("Largest"), show(entry.maximum)),
            (_("Mean length, characters"), numbers.figure(entry.mean_length)),
        ]
        known = [(name, value) for name, value in facts if value != "–"]
        st.dataframe(pd.DataFrame(known, columns=[_("Fact"), _("Value")]), hide_index=True, key=f"facts-{row.id}")
        if entry.missing_plan is not None:
            st.caption(plain(t(entry.missing_plan)))


def draw(row: DatasetRow, entry: ColumnReport, key: str) -> None:
    """A histogram for numbers, the most frequent values for the rest."""
    figure, data = _spread_drawn(row.id, state.report_version(row.id), entry.name, language())
    if figure is None:
        st.caption(_("There is nothing to draw for this column."))
        return
    display.show(figure, key, data, name="column", alt=_("How often each value occurs"))


@lru_cache(maxsize=256)
def _spread_drawn(dataset: str, version: int, name: str, language: str) -> tuple[go.Figure | None, pd.DataFrame]:
    """One column's chart with its numbers. Drawn once per change and language."""
    report = state.report(dataset)
    entry = next((entry for entry in report.columns if entry.name == name), None) if report else None
    if report is None or entry is None or not (entry.histogram or entry.top):
        return None, pd.DataFrame()
    figure = chart_theme.figure(height=280)
    figure.update_layout(bargap=0.12, showlegend=False)
    if entry.histogram and entry.n_distinct > FEW:
        figure.add_trace(_histogram(entry, _show(dataset, entry), date=_is_date(dataset, entry)))
        figure.update_xaxes(title=chart_theme.literal(entry.name, 40))
        figure.update_yaxes(title=_("rows"), rangemode="tozero")
        return figure, pd.DataFrame(entry.histogram, columns=["from", "to", "rows"])
    figure.add_trace(_most_frequent(entry, report.n_rows))
    figure.update_xaxes(title=_("rows"), rangemode="tozero")
    figure.update_yaxes(type="category")
    return figure, pd.DataFrame(entry.top, columns=["value", "rows"])


def _histogram(entry: ColumnReport, show: Callable[[float | None], str], *, date: bool) -> go.Bar:
    middles = [(low + high) / 2 for low, high, _rows in entry.histogram]
    scale = 1000 if date else 1  # a date's width is given in milliseconds
    return go.Bar(
        x=[datetime.fromtimestamp(middle, UTC) for middle in middles] if date else middles,
        y=[rows for _low, _high, rows in entry.histogram],
        width=[(high - low) * scale for low, high, _rows in entry.histogram],
        marker={"color": chart_theme.ACCENT, "line": {"width": 0.5}},
        customdata=[[show(low), show(high)] for low, high, _rows in entry.histogram],
        hovertemplate="%{customdata[0]} – %{customdata[1]}<br>%{y:,}<extra></extra>",
    )


def _is_date(dataset: str, entry: ColumnReport) -> bool:
    """Whether a column's numbers are seconds since 1970."""
    schema = state.schema(dataset)
    column = schema.column(entry.name) if schema else None
    return column is not None and "date" in {column.role, column.guessed} and entry.mean_length is None


def _show(dataset: str, entry: ColumnReport) -> Callable[[float | None], str]:
    """How a number of this column is written: as a day, a moment, or a number."""
    if not _is_date(dataset, entry):
        return numbers.figure
    return partial(_moment, shape="%Y-%m-%d" if entry.name in days(dataset) else "%Y-%m-%d %H:%M")


def _moment(seconds: float | None, *, shape: str) -> str:
    return "–" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime(shape)


def _most_frequent(entry: ColumnReport, n_rows: int) -> go.Bar:
    top = entry.top[::-1]
    return go.Bar(
        orientation="h",
        y=[chart_theme.literal(value or _("empty"), 32) for value, _rows in top],
        x=[rows for _value, rows in top],
        marker={"color": chart_theme.ACCENT},
        customdata=[rows / max(1, n_rows) for _value, rows in top],
        hovertemplate="%{y}<br>%{x:,} (%{customdata:.1%})<extra></extra>",
    )
