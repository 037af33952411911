"""Charts of training in the lab: curves that grow, losses, the search for a learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    hover = _("{label}: {bits} bits per byte after {seconds} s").format(
        label="%{fullData.name}", bits="%{y:.3f}", seconds="%{x:.0f}"
    )
    for place, label, curve in found:
        x, y = [look.seconds for look in curve.validations], [look.bits_per_byte for look in curve.validations]
        chart.add_trace(_line(place, label, x, y, hover, mode="lines+markers", marker={"size": 6}))
    for place, label, bits in lines:
        chart.add_trace(_line(place, label, [0, last], [bits, bits], f"%{{fullData.name}}: {bits:.3f}", dash="dash"))
    chart.update_xaxes(title=_("Seconds of training"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Bits per byte"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def losses(found: Sequence[tuple[int, str, Curve]]) -> go.Figure:
    """Loss on the text trained on, step by step."""
    chart = chart_theme.figure(height=280)
    for place, label, curve in found:
        x, y = [one.step for one in curve.steps], [one.loss_nats for one in curve.steps]
        chart.add_trace(_line(place, label, x, y, "%{fullData.name}: %{y:.3f}", width=1.5))
    chart.update_xaxes(title=_("Step"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def finder(found: Sequence[tuple[int, str, FinderCurve]]) -> go.Figure:
    """The loss while the learning rate grows, step by step."""
    chart = chart_theme.figure(height=260)
    for place, label, curve in found:
        x, y = [point.learning_rate for point in curve.points], [point.loss_nats for point in curve.points]
        chart.add_trace(_line(place, label, x, y, "%{fullData.name}: %{y:.3f} (%{x:.2g})"))
    chart.update_xaxes(title=_("Learning rate"), type="log", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def _line(place: int, label: str, x: Sequence[float], y: Sequence[float], hover: str, **more: Any) -> go.Scatter:
    """A model's line in its colour; `width` and `dash` are of the line, all else is the trace's."""
    line = {"color": colour(place), "width": more.pop("width", 2), "dash": more.pop("dash", "solid")}
    more = {"mode": "lines", **more}
    return go.Scatter(x=x, y=y, name=literal(label), line=line, hovertemplate=f"{hover}<extra></extra>", **more)
