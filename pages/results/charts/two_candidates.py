"""The charts of two candidates: where they agree, and which is closer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.i18n import _


def agreement(counts: Sequence[int]) -> go.Figure:
    """Right and wrong of two candidates as four squares: points 0 both right, 1 the first only, 2 the second, 3 none.

    The first one's outcome runs down, the second one's across.
    """
    total = max(1, sum(counts))
    places = [(0, 0), (1, 0), (0, 1), (1, 1)]  # (across: second, down: first)
    shades = [[counts[0] / total, counts[1] / total], [counts[2] / total, counts[3] / total]]
    chart = chart_theme.figure(height=300)
    chart.add_trace(
        go.Heatmap(
            z=shades, x=[0, 1], y=[0, 1], colorscale=chart_theme.BLUES,
            zmin=0, zmax=1, showscale=False, hoverinfo="skip",
            xgap=2, ygap=2,
        )
    )  # fmt: skip
    chart.add_trace(
        go.Scatter(
            x=[x for x, _y in places],
            y=[y for _x, y in places],
            mode="markers",
            marker={"size": 60, "symbol": "square", "color": "rgba(0,0,0,0)"},
            unselected={"marker": {"opacity": 0}},
            selected={"marker": {"color": "rgba(213,94,0,0.35)"}},
            hovertext=[f"{numbers.count(n)} ({n / total:.1%})" for n in counts],
            hoverinfo="text",
            showlegend=False,
        )
    )
    for (x, y), n in zip(places, counts, strict=True):
        font = {"size": 18, "color": chart_theme.ink(n / total)}
        chart.add_annotation(x=x, y=y, text=f"<b>{numbers.count(n)}</b>", showarrow=False, font=font)
    axis: dict[str, Any] = {
        "tickvals": [0, 1], "ticktext": [_("right"), _("wrong")], "showgrid": False, "zeroline": False,
        "fixedrange": True,
    }  # fmt: skip
    chart.update_xaxes(title=_("Second"), range=[-0.5, 1.5], **axis)
    chart.update_yaxes(title=_("First"), range=[1.5, -0.5], **axis)
    return chart


def distances(frame: pd.DataFrame) -> go.Figure:
    """Numbers: how far off each of two candidates is, row by row; below the line the second is closer."""
    off = {name: (frame[name] - frame["truth"]).abs() for name in ("first", "second")}
    far = float(max(off["first"].max(), off["second"].max()))
    chart = chart_theme.figure(height=420)
    chart.add_trace(
        go.Scattergl(
            x=off["first"], y=off["second"], mode="markers",
            marker={"size": 6, "opacity": 0.45, "color": chart_theme.ACCENT},
            hovertemplate="%{x:.4g} · %{y:.4g}<extra></extra>",
        )
    )  # fmt: skip
    grey = {"color": chart_theme.GREY, "dash": "dash", "width": 1}
    chart.add_trace(go.Scatter(x=[0, far], y=[0, far], mode="lines", line=grey, hoverinfo="skip"))
    chart.update_layout(showlegend=False)
    chart.update_xaxes(title=_("How far off the first is"))
    chart.update_yaxes(title=_("How far off the second is"))
    return chart
