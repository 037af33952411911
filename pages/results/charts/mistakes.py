"""Charts of one candidate's errors: the confusion matrix; for numbers, predicted against true."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _


def confusion(matrix: Sequence[Sequence[int]], classes: Sequence[str]) -> go.Figure:
    """Truth down, prediction across; the shade is the share of the truth's row, the number is rows.

    The squares that can be clicked are points laid over the shades, in reading order: point ``i`` stands for truth
    ``i // n`` and prediction ``i % n``.
    """
    n = len(classes)
    labels = [literal(name, 24) for name in classes]
    shares = [[cell / max(1, sum(row)) for cell in row] for row in matrix]
    places = list(range(n))
    chart = chart_theme.figure(height=min(720, 150 + 52 * n))
    chart.add_trace(
        go.Heatmap(
            z=shares, x=places, y=places, colorscale=chart_theme.BLUES, zmin=0,
            zmax=1, showscale=False, hoverinfo="skip",
            xgap=2, ygap=2,
        )
    )  # fmt: skip
    hover = _("{rows}: truth “{truth}”, predicted “{prediction}” ({share} of this truth)")
    cells = [(truth, prediction) for truth in places for prediction in places]
    chart.add_trace(
        go.Scatter(
            x=[prediction for _truth, prediction in cells],
            y=[truth for truth, _prediction in cells],
            mode="markers",
            marker={"size": 34, "symbol": "square", "color": "rgba(0,0,0,0)"},
            unselected={"marker": {"opacity": 0}},
            selected={"marker": {"color": "rgba(213,94,0,0.35)"}},
            hovertext=[
                hover.format(
                    rows=numbers.rows(matrix[truth][prediction]),
                    truth=labels[truth],
                    prediction=labels[prediction],
                    share=f"{shares[truth][prediction]:.0%}",
                )
                for truth, prediction in cells
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    for truth, prediction in cells:
        chart.add_annotation(
            x=prediction, y=truth, text=numbers.count(matrix[truth][prediction]), showarrow=False,
            font={"size": 14, "color": chart_theme.ink(shares[truth][prediction])},
        )  # fmt: skip
    axis = {"tickvals": places, "ticktext": labels, "showgrid": False, "zeroline": False, "fixedrange": True}
    chart.update_xaxes(title=_("Predicted"), side="bottom", range=[-0.5, n - 0.5], **axis)
    chart.update_yaxes(title=_("Truth"), range=[n - 0.5, -0.5], **axis)
    return chart


def predicted_and_true(predictions: pd.DataFrame, target: str) -> go.Figure:
    """One point per row; on the line the prediction is right."""
    chart = chart_theme.figure(height=420)
    low = float(min(predictions["truth"].min(), predictions["prediction"].min()))
    high = float(max(predictions["truth"].max(), predictions["prediction"].max()))
    chart.add_trace(_points(predictions, "truth", "prediction"))
    grey = {"color": chart_theme.GREY, "dash": "dash", "width": 1}
    chart.add_trace(go.Scatter(x=[low, high], y=[low, high], mode="lines", line=grey, hoverinfo="skip"))
    chart.update_layout(showlegend=False)
    chart.update_xaxes(title=_("True {target}").format(target=literal(target)))
    chart.update_yaxes(title=_("Predicted {target}").format(target=literal(target)))
    return chart


def residuals(predictions: pd.DataFrame, target: str) -> go.Figure:
    """How far off each prediction is, over what was predicted; a pattern here means something was not learned."""
    chart = chart_theme.figure(height=360)
    away = predictions.assign(residual=predictions["truth"] - predictions["prediction"])
    chart.add_trace(_points(away, "prediction", "residual"))
    chart.add_hline(y=0, line={"color": chart_theme.GREY, "width": 1})
    chart.update_layout(showlegend=False)
    chart.update_xaxes(title=_("Predicted {target}").format(target=literal(target)))
    chart.update_yaxes(title=_("Truth minus prediction"))
    return chart


def _points(predictions: pd.DataFrame, x: str, y: str) -> go.Scattergl:
    return go.Scattergl(
        x=predictions[x],
        y=predictions[y],
        mode="markers",
        marker={"size": 6, "opacity": 0.45, "color": chart_theme.ACCENT},
        customdata=predictions["row"],
        hovertemplate=_("row {row}").format(row="%{customdata}") + "<br>%{x:.4g} · %{y:.4g}<extra></extra>",
    )
