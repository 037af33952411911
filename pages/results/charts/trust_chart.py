"""The loss over the trust in a language model's advice."""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.advice import Trust
from pages.shared.charts import chart_theme
from pages.shared.i18n import _


def over_trust(trust: Trust, loss: str) -> go.Figure:
    """The loss over trust with its intervals; the chosen point stands out."""
    chart = chart_theme.figure(height=320)
    for chosen in (False, True):
        points = [point for point in trust.curve if not chosen or point.trust == trust.value]
        chart.add_trace(
            go.Scatter(
                x=[point.trust for point in points],
                y=[point.loss for point in points],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": [max(0.0, point.high - point.loss) for point in points],
                    "arrayminus": [max(0.0, point.loss - point.low) for point in points],
                    "thickness": 0 if chosen else 2,
                    "width": 5,
                },
                mode="markers" if chosen else "lines+markers",
                marker={"size": 16 if chosen else 8, "color": chart_theme.SECOND if chosen else chart_theme.ACCENT},
                line={"color": chart_theme.ACCENT, "width": 2},
                name=_("chosen") if chosen else _("tried"),
                hovertemplate="%{x:.2f}: %{y:.4g}<extra></extra>",
            )
        )
    chart.update_xaxes(
        title=_("Trust in the advice, from 0 to 1"), tickvals=[point.trust for point in trust.curve], fixedrange=True
    )
    chart.update_yaxes(title=loss, fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart
