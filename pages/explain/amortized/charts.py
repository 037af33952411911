"""How far learned word values are off: a pure function from what is stored to a figure and its table."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.amortized import LearnedWords
from pages.shared.charts import chart_theme
from pages.shared.i18n import _

HEIGHT = 260


def errors(about: LearnedWords) -> go.Figure:
    """Error over masked texts, with what was learned and without."""
    chart = chart_theme.figure(HEIGHT)
    data = table(about)
    masked = data.columns[0]
    for name, colour, dash in zip(
        data.columns[1:], (chart_theme.ACCENT, chart_theme.SECOND), ("solid", "dot"), strict=True
    ):
        some = data.dropna(subset=[name])
        chart.add_trace(
            go.Scatter(
                x=some[masked], y=some[name], mode="lines+markers", name=name,
                line={"color": colour, "dash": dash, "width": 2},
                hovertemplate=f"{name}<br>%{{x}} · %{{y:.0%}}<extra></extra>",
            )
        )  # fmt: skip
    chart.update_xaxes(title=masked, rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("off by"), tickformat=".0%", rangemode="tozero", fixedrange=True)
    return chart


def table(about: LearnedWords) -> pd.DataFrame:
    """One line per number of masked texts; with none there is only what was learned."""
    texts = [0, *about.error_few]
    return pd.DataFrame(
        {
            _("masked texts"): texts,
            _("with what was learned"): [about.error, *about.error_few.values()],
            _("without"): [None, *[about.error_without.get(n) for n in about.error_few]],
        }
    )
