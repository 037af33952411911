"""The Results page's charts: pure functions from stored results to figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.results.comparison import Curve, LearningPoint, Threshold
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
    chart.update_xaxes(
        title=_("Predicted"), tickvals=places, ticktext=labels, side="bottom", showgrid=False, zeroline=False,
        fixedrange=True, range=[-0.5, n - 0.5],
    )  # fmt: skip
    chart.update_yaxes(
        title=_("Truth"), tickvals=places, ticktext=labels, showgrid=False, zeroline=False, fixedrange=True,
        range=[n - 0.5, -0.5],
    )  # fmt: skip
    return chart


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


def thresholds(points: Sequence[Threshold], chosen: float) -> go.Figure:
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
