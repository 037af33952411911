"""Charts over the threshold from which a model says yes: the scores, and what errors cost."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.evaluate.error_costs import ErrorCosts
from core.results.comparison import Threshold
from pages.shared.charts import chart_theme
from pages.shared.i18n import _


def scores(points: Sequence[Threshold], chosen: float) -> go.Figure:
    """Precision, recall, F1 and accuracy over the threshold; the chosen one is marked."""
    chart = chart_theme.figure(height=320)
    x = [point.threshold for point in points]
    for place, (name, values) in enumerate(
        (
            (_("Precision"), [point.precision for point in points]),
            (_("Recall"), [point.recall for point in points]),
            ("F1", [point.f1 for point in points]),
            (_("Accuracy"), [point.accuracy for point in points]),
        )
    ):
        chart.add_trace(go.Scatter(x=x, y=values, name=name, line={"color": chart_theme.SERIES[place], "width": 2}))
    chart.add_vline(x=chosen, line={"color": chart_theme.GREY, "dash": "dot"})
    chart.update_xaxes(title=_("Says yes from this probability on"), range=[0, 1])
    chart.update_yaxes(range=[-0.01, 1.01])
    return chart


def error_costs(found: ErrorCosts) -> go.Figure:
    """The expected cost over the thresholds; the best one and 0.5 are marked."""
    chart = chart_theme.figure(height=340)
    chart.add_trace(
        go.Scatter(
            x=found.thresholds, y=found.costs, mode="lines", line={"color": chart_theme.ACCENT, "width": 2},
            hovertemplate="%{x:.2f}: %{y:,.4g}<extra></extra>", showlegend=False,
        )
    )  # fmt: skip
    for x, y, colour, name in (
        (0.5, found.usual_cost, chart_theme.DARK_GREY, _("as it is, 0.50")),
        (found.best, found.best_cost, chart_theme.SECOND, _("best, {threshold:.2f}").format(threshold=found.best)),
    ):
        chart.add_trace(
            go.Scatter(x=[x], y=[y], mode="markers", marker={"size": 12, "color": colour}, name=name, hoverinfo="skip")
        )
    chart.update_xaxes(title=_("Says yes from this probability on"), range=[0, 1], fixedrange=True)
    chart.update_yaxes(title=_("Cost per 1,000 rows"), rangemode="tozero", fixedrange=True)
    return chart
