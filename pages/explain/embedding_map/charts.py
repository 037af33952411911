"""The embedding map as a chart: a pure function from stored points to a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.results.embedding_map import APART, EmbeddingMap
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

COLOURS = 7  # groups with a colour of their own; all others are grey
LETTERS = 80  # of a text over a point
RAMP = [[0.0, "#56B4E9"], [0.5, "#0072B2"], [1.0, "#D55E00"]]


def scatter(found: EmbeddingMap, frame: pd.DataFrame, by: str) -> go.Figure:
    """Every row a point, coloured by target, held-out error or cluster; points carry their place in the table."""
    chart = chart_theme.figure(height=560)
    if by != "cluster" and not found.classes:
        _ramp(chart, frame, frame["error"] if by == "error" else pd.to_numeric(frame["truth"], errors="coerce"))
    else:
        for number, (name, inside, colour) in enumerate(_groups(found, frame, by)):
            chart.add_trace(_points(frame[inside], literal(name, 40), {"color": colour, "symbol": number % 4 * 2}))
    chart.update_layout(dragmode="lasso", legend={"itemsizing": "constant"})
    pca = found.method == "pca"
    chart.update_xaxes(title=_("component 1") if pca else None, showticklabels=pca, zeroline=False)
    chart.update_yaxes(title=_("component 2") if pca else None, showticklabels=pca, zeroline=False)
    return chart


def cluster_name(number: int) -> str:
    """Cluster 1, 2, …, as people count."""
    return _("apart") if number == APART else str(number + 1)


def _groups(found: EmbeddingMap, frame: pd.DataFrame, by: str) -> Iterator[tuple[str, pd.Series, str]]:
    """Name, rows and colour of each group; the most frequent ones first."""
    if by == "error":
        yield _("not scored"), frame["error"].isna(), chart_theme.GREY
        yield _("right"), frame["error"] == 0, chart_theme.ACCENT
        yield _("wrong"), frame["error"] > 0, chart_theme.SECOND
        return
    if by == "cluster":
        told = {one.number: one.words[:3] for one in found.clusters}
        values = [number for number in told if number != APART]
        names = {number: f"{cluster_name(number)}: {', '.join(told[number])}" for number in values}
        rest = _("apart and other clusters")
    else:
        values = list(frame["truth"].value_counts().index)
        names = {value: str(value) or _("missing") for value in values}
        rest = _("other classes")
    for value, colour in zip(values[:COLOURS], chart_theme.SERIES, strict=False):
        yield names[value], frame[by] == value, colour if colour != chart_theme.GREY else chart_theme.SERIES[-1]
    others = ~frame[by].isin(values[:COLOURS])
    if others.any():
        yield rest, others, chart_theme.GREY


def _ramp(chart: go.Figure, frame: pd.DataFrame, values: pd.Series) -> None:
    known = values.notna()
    if (~known).any():
        chart.add_trace(_points(frame[~known], _("not scored"), {"color": chart_theme.GREY}))
    shown = values[known].to_numpy(dtype=float)
    low, high = np.quantile(shown, [0.02, 0.98]) if len(shown) else (0.0, 1.0)
    marker = {"color": shown, "colorscale": RAMP, "cmin": low, "cmax": high, "colorbar": {"thickness": 10}}
    chart.add_trace(_points(frame[known], "", marker, legend=False))


def _points(frame: pd.DataFrame, name: str, marker: dict[str, Any], *, legend: bool = True) -> go.Scatter:
    said = [f" → {literal(value, 30)}" if isinstance(value, str) else "" for value in frame["prediction"]]
    numbered = _("row {n}")
    lines = zip(frame["row"], frame["truth"], said, frame["text"], strict=True)
    return go.Scatter(
        x=frame["x"], y=frame["y"], mode="markers", name=name, showlegend=legend,
        marker={"size": 6, "opacity": 0.75, "line": {"width": 0}} | marker,
        customdata=np.asarray(frame.index, dtype=int)[:, None],
        hovertext=[
            f"{numbered.format(n=row + 1)} · {literal(truth, 30)}{told}<br>{literal(text, LETTERS)}"
            for row, truth, told, text in lines
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
