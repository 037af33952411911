"""One candidate's curves: ROC, precision and recall, calibration, and the score over more rows to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.results.comparison import Curve, LearningPoint
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _


def curves(lines: Sequence[Curve], x: str, y: str, *, chance: str = "", unit_range: bool = True) -> go.Figure:
    """One line per class, its area in the legend; `chance` names the dashed diagonal if there is one."""
    chart = chart_theme.figure(height=420)
    for place, line in enumerate(lines):
        area = "" if line.area is None else f" ({numbers.figure(line.area)})"
        colour = chart_theme.SERIES[place % len(chart_theme.SERIES)]
        chart.add_trace(
            go.Scatter(
                x=line.x, y=line.y, name=literal(line.label, 40) + area, line={"color": colour, "width": 2},
                mode="lines+markers" if len(line.x) <= 20 else "lines",
            )
        )  # fmt: skip
    if chance:
        grey = {"color": chart_theme.GREY, "dash": "dash", "width": 1}
        chart.add_trace(go.Scatter(x=[0, 1], y=[0, 1], name=chance, mode="lines", line=grey, hoverinfo="skip"))
    chart.update_layout(showlegend=True)
    chart.update_xaxes(title=x, range=[-0.01, 1.01] if unit_range else None)
    chart.update_yaxes(title=y, range=[-0.01, 1.01] if unit_range else None)
    return chart


def learning(points: Sequence[LearningPoint], metric: str) -> go.Figure:
    """The ranking metric over the number of training rows, on rows seen and unseen."""
    chart = chart_theme.figure(height=360)
    x = [point.n_rows for point in points]
    chart.add_trace(
        go.Scatter(x=x, y=[point.train for point in points], name=_("rows it learned from"), mode="lines+markers",
                   line={"color": chart_theme.GREY})
    )  # fmt: skip
    scores = [point.validation for point in points]
    chart.add_trace(
        go.Scatter(
            x=x,
            y=[score.mean for score in scores],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [score.high - score.mean for score in scores],
                "arrayminus": [score.mean - score.low for score in scores],
            },
            name=_("rows it never saw"),
            mode="lines+markers",
            line={"color": chart_theme.ACCENT},
        )
    )
    chart.update_xaxes(title=_("Rows trained on"))
    chart.update_yaxes(title=numbers.metric_label(metric))
    return chart
