"""Charts of training in the lab: curves that grow, losses, the search for a learning rate."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.results.language.laboratory import Curve, FinderCurve
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _


def colour(place: int) -> str:
    """A model keeps its colour through all charts of a run."""
    return chart_theme.SERIES[place % len(chart_theme.SERIES)]


def curves(found: Sequence[tuple[int, str, Curve]], lines: Sequence[tuple[int, str, float]]) -> go.Figure:
    """Bits per byte on validation text against seconds of training; models without training are level lines.

    found: (place of the colour, label, curve); lines: (place, label, bits per byte).
    """
    chart = chart_theme.figure(height=340)
    last = max((look.seconds for _place, _label, curve in found for look in curve.validations), default=1.0)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[look.seconds for look in curve.validations],
                y=[look.bits_per_byte for look in curve.validations],
                mode="lines+markers",
                name=literal(label),
                line={"color": colour(place), "width": 2},
                marker={"size": 6},
                hovertemplate=_("{label}: {bits} bits per byte after {seconds} s").format(
                    label="%{fullData.name}", bits="%{y:.3f}", seconds="%{x:.0f}"
                )
                + "<extra></extra>",
            )
        )
    for place, label, bits in lines:
        chart.add_trace(
            go.Scatter(
                x=[0, last],
                y=[bits, bits],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 2, "dash": "dash"},
                hovertemplate=f"%{{fullData.name}}: {bits:.3f}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Seconds of training"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Bits per byte"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def losses(found: Sequence[tuple[int, str, Curve]]) -> go.Figure:
    """Loss on the text trained on, step by step."""
    chart = chart_theme.figure(height=280)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[one.step for one in curve.steps],
                y=[one.loss_nats for one in curve.steps],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 1.5},
                hovertemplate="%{fullData.name}: %{y:.3f}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Step"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def finder(found: Sequence[tuple[int, str, FinderCurve]]) -> go.Figure:
    """The loss while the learning rate grows, step by step."""
    chart = chart_theme.figure(height=260)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[point.learning_rate for point in curve.points],
                y=[point.loss_nats for point in curve.points],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 2},
                hovertemplate="%{fullData.name}: %{y:.3f} (%{x:.2g})<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Learning rate"), type="log", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart
