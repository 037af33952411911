"""How a chart or a table stands on a page: drawn in the theme, with its numbers to take away.

What the figures look like (colours, margins, literal text) is in `pages.shared.charts.chart_theme`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.data.date_columns import as_dates
from pages.shared.charts import chart_theme
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.session import current

PROBABILITY = "probability_"


def show(
    figure: go.Figure, key: str, data: pd.DataFrame | None = None, *, name: str | None = None, alt: str | None = None
) -> None:
    """Draw a figure; under it, small, its numbers as CSV. PNG or SVG come from the chart's own tool bar."""
    with st.container(gap="xsmall"):
        st.plotly_chart(figure, key=key, config=chart_theme.config(name or key), alt=alt)
        if data is not None:
            with st.container(horizontal=True, horizontal_alignment="right"):
                download(data, f"{key}-csv", name or key)


def table(frame: pd.DataFrame, key: str, *, name: str | None = None, formats: dict[str, Any] | None = None) -> None:
    """A table as it is, numbers to the right, days without a time, with its download below."""
    frame = as_dates(frame)
    with st.container(gap="xsmall"):
        st.dataframe(frame, hide_index=True, key=key, column_config=columns(frame, formats), placeholder="–")
        with st.container(horizontal=True, horizontal_alignment="right"):
            download(frame, f"{key}-csv", name or key)


def columns(frame: pd.DataFrame, formats: dict[str, Any] | None = None) -> dict[str, Any]:
    """Column settings of a table: a given printf format for numbers, everything else as text."""
    return {
        column: st.column_config.NumberColumn(format=shape) if isinstance(shape, str) else shape
        for column, shape in (formats or {}).items()
    }


def answers(names: Iterable[str]) -> dict[str, Any]:
    """Column settings for what was true and what a model said: headers in words, while a file keeps the plain names."""
    words = {"truth": _("truth"), "prediction": _("prediction")}
    shown: dict[str, Any] = {}
    for name in names:
        if name in words:
            shown[name] = st.column_config.Column(words[name])
        elif name == "certainty":
            shown[name] = st.column_config.NumberColumn(_("certainty"), format="%.2f")
        elif name.startswith(PROBABILITY):
            label = _("probability of {label}").format(label=name.removeprefix(PROBABILITY))
            shown[name] = st.column_config.NumberColumn(label, format="%.3f")
    return shown


def download(frame: pd.DataFrame, key: str, name: str) -> None:
    """A small button that hands out a table as CSV; not to somebody who was only given a link."""
    if current.reading():
        return
    st.download_button(
        _("Download as CSV"),
        lambda: chart_theme.csv_bytes(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
        help=plain(_("The numbers shown here, as a file.")),
    )
