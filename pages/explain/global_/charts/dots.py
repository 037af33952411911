"""The summary chart of many rows: a line per column, a dot per explained row, spread and coloured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.cohort import DAY_MICROSECONDS
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

MOST_COLUMNS = 12
SCALE = [[0.0, chart_theme.ACCENT], [0.5, "#C9C2C9"], [1.0, chart_theme.SECOND]]  # low to high values
BINS = 60  # across the width, for how dots at one place are spread


def summary(rows: pd.DataFrame, order: list[str], kinds: dict[str, str], x: str) -> go.Figure:
    """A line per column, the one that matters most on top, a dot per row at its effect, coloured by its value."""
    names = order[:MOST_COLUMNS]
    reach = float(rows["effect"].abs().max()) or 1.0
    chart = chart_theme.figure(height=150 + 46 * len(names))
    for place, name in enumerate(names):
        lines = rows[rows["column"] == name]
        effects = lines["effect"].to_numpy()
        chart.add_trace(
            go.Scattergl(
                x=effects,
                y=place + spread(effects, reach),
                mode="markers",
                marker={"size": 5, "opacity": 0.75, **_colours(lines, kinds.get(name, ""))},
                customdata=np.column_stack([lines["row"] + 1, shown(lines, kinds.get(name, ""))]),
                hovertemplate=_("row {row}").format(row="%{customdata[0]}")
                + "<br>%{customdata[1]}<br>%{x:.3g}<extra></extra>",
                showlegend=False,
            )
        )
    chart.add_trace(_bar_of_colours())
    chart.update_xaxes(title=x, zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(names))), ticktext=[literal(name, 24) for name in names],
        range=[len(names) - 0.4, -0.6], fixedrange=True, showgrid=False, zeroline=False,
    )  # fmt: skip
    return chart


def spread(effects: np.ndarray, reach: float) -> np.ndarray:
    """How far each dot is moved off its line so that those at one place stand beside each other: within ±0.36."""
    bins = np.round(effects / reach * BINS).astype(int)
    places = pd.Series(bins).groupby(bins).cumcount().to_numpy()
    crowd = pd.Series(bins).groupby(bins).transform("size").to_numpy()
    sign = np.where(places % 2 == 0, 1.0, -1.0)
    moved: np.ndarray = sign * ((places + 1) // 2) / np.maximum(crowd.max() / 2, 6) * 0.36
    return moved


def shown(lines: pd.DataFrame, kind: str) -> list[str]:
    """Each cell in a few words, safe to draw."""
    if kind == "number":
        return [_("no value") if np.isnan(value) else f"{value:,.4g}" for value in lines["number"]]
    if kind == "date":
        return [_("no value") if pd.isna(value) else f"{value:%Y-%m-%d}" for value in moments(lines["number"])]
    return [literal(value, 60) or _("no value") for value in lines["word"]]


def moments(days: pd.Series) -> pd.Series:
    """Days since 1970 as moments."""
    known = (days * DAY_MICROSECONDS).round().astype("Int64")
    return pd.Series(known.to_numpy(dtype="datetime64[us]", na_value=np.datetime64("NaT")), index=days.index)


def _colours(lines: pd.DataFrame, kind: str) -> dict[str, Any]:
    if kind in {"number", "date"}:
        return {"color": lines["number"].rank(pct=True).fillna(0.5), "colorscale": SCALE, "cmin": 0, "cmax": 1}
    if kind == "category":
        frequent = lines["word"].value_counts().index[: len(chart_theme.SERIES) - 2]
        palette = dict(zip(frequent, chart_theme.SERIES, strict=False))
        return {"color": [palette.get(word, chart_theme.GREY) for word in lines["word"]]}
    return {"color": chart_theme.GREY}


def _bar_of_colours() -> go.Scatter:
    """No dots: the key to the colours of numbers."""
    bar = {
        "tickvals": [0, 1], "ticktext": [_("low"), _("high")], "thickness": 8, "len": 0.3, "outlinewidth": 0,
        "title": {"text": _("value"), "side": "top"}, "orientation": "h", "x": 1, "xanchor": "right", "y": 1,
        "yanchor": "bottom",
    }  # fmt: skip
    marker = {"color": [0, 1], "colorscale": SCALE, "showscale": True, "cmin": 0, "cmax": 1, "colorbar": bar}
    return go.Scatter(x=[None, None], y=[None, None], mode="markers", marker=marker, showlegend=False, hoverinfo="skip")
