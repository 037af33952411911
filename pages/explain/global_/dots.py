"""Charts of dots and lines about many rows: each explained row a dot, each row's own line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.cohort import DAY_MICROSECONDS
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal, literals
from pages.shared.i18n import _

MOST_COLUMNS = 12
MOST_CATEGORIES = 12
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


def dependence(lines: pd.DataFrame, name: str, kind: str, y: str, other: pd.DataFrame | None = None) -> go.Figure:
    """The value of a column against its Shapley value: dots for numbers and dates, boxes for categories.

    other: the same rows' lines of a second column, a number or date, which colours the dots.
    """
    chart = chart_theme.figure(height=420)
    if kind in {"number", "date"}:
        marker: dict[str, Any] = {"size": 6, "opacity": 0.75, "color": chart_theme.ACCENT}
        if other is not None:
            values = other.set_index("row")["number"].reindex(lines["row"]).to_numpy()
            title = {"text": literal(other["column"].iloc[0], 14), "side": "top"}
            bar = {"thickness": 8, "outlinewidth": 0, "title": title}
            marker |= {"color": values, "colorscale": SCALE, "showscale": True, "colorbar": bar}
        chart.add_trace(
            go.Scattergl(
                x=moments(lines["number"]) if kind == "date" else lines["number"], y=lines["effect"], mode="markers",
                marker=marker, customdata=lines["row"] + 1, showlegend=False,
                hovertemplate=_("row {row}").format(row="%{customdata}") + "<br>%{x}<br>%{y:.3g}<extra></extra>",
            )
        )  # fmt: skip
    else:
        for word, label in literals(lines["word"].value_counts().index[:MOST_CATEGORIES], 24).items():
            chart.add_trace(
                go.Box(
                    x=lines.loc[lines["word"] == word, "effect"], name=label or _("no value"), orientation="h",
                    boxpoints="all", jitter=0.4, pointpos=0,
                    marker={"size": 3, "opacity": 0.5, "color": chart_theme.ACCENT},
                    line={"color": chart_theme.ACCENT}, showlegend=False,
                )
            )  # fmt: skip
        n_lines = min(MOST_CATEGORIES, lines["word"].nunique())
        chart.update_layout(height=120 + 44 * n_lines)
        chart.update_yaxes(autorange="reversed")
    across = kind in {"number", "date"}
    chart.update_xaxes(title=literal(name) if across else y, fixedrange=True)
    chart.update_yaxes(title=y if across else "", fixedrange=True, zeroline=across)
    return chart


def effect(lines: pd.DataFrame, name: str, kind: str, y: str) -> go.Figure:
    """Partial dependence as a thick line, single rows' own lines behind it; categories as dots."""
    mean, single = lines[lines["row"] == -1], lines[lines["row"] != -1]
    chart = chart_theme.figure(height=420)

    categories = literals(lines["word"], 20)

    def along(part: pd.DataFrame) -> Any:
        if kind == "date":
            return moments(part["number"])
        return part["number"] if kind == "number" else [categories[word] or _("no value") for word in part["word"]]

    for number, (_row, own) in enumerate(single.groupby("row", sort=False)):
        chart.add_trace(
            go.Scatter(
                x=along(own), y=own["value"], mode="lines" if kind in {"number", "date"} else "markers",
                line={"color": chart_theme.GREY, "width": 1}, marker={"color": chart_theme.GREY,
                "size": 5}, opacity=0.45,
                name=_("single rows (ICE)"), legendgroup="single", showlegend=number == 0, hoverinfo="skip",
            )
        )  # fmt: skip
    chart.add_trace(
        go.Scatter(
            x=along(mean), y=mean["value"], mode="lines+markers" if kind in {"number", "date"} else "markers",
            line={"color": chart_theme.ACCENT, "width": 3}, marker={"color": chart_theme.ACCENT, "size": 8},
            name=_("mean (partial dependence)"), hovertemplate="%{x}<br>%{y:.3g}<extra></extra>",
        )
    )  # fmt: skip
    chart.update_xaxes(title=literal(name), fixedrange=True, zeroline=False)
    if kind not in {"number", "date"}:
        chart.update_xaxes(type="category")
    chart.update_yaxes(title=y, fixedrange=True, zeroline=False)
    return chart
