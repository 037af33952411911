"""Charts of what a column's values do: each row a dot at its effect, or each row's own line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.explain.global_.charts import dots
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal, literals
from pages.shared.i18n import _

MOST_CATEGORIES = 12


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
            marker |= {"color": values, "colorscale": dots.SCALE, "showscale": True, "colorbar": bar}
        chart.add_trace(
            go.Scattergl(
                x=dots.moments(lines["number"]) if kind == "date" else lines["number"],
                y=lines["effect"],
                mode="markers",
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
            return dots.moments(part["number"])
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
