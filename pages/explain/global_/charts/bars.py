"""Charts of bars and squares about many rows: pure functions from a stored explanation to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.global_explanation import Importance, Pair, WordEffect
from pages.explain.row import charts
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal, literals
from pages.shared.i18n import _n

MOST_BARS = 24


def importance(entries: Sequence[Importance], x: str) -> go.Figure:
    """Columns ranked, each bar with its interval; the longest on top."""
    lines = sorted(entries, key=lambda entry: entry.value.mean, reverse=True)[:MOST_BARS][::-1]
    chart = chart_theme.figure(height=90 + 30 * len(lines))
    places = literals((entry.name for entry in lines), 32)
    chart.add_trace(_bars(lines, places, chart_theme.ACCENT, ""))
    chart.update_xaxes(title=x, zeroline=True, fixedrange=True)
    chart.update_yaxes(type="category", fixedrange=True)
    return chart


def two_rankings(sides: Mapping[str, Sequence[Importance]], x: str) -> go.Figure:
    """The same columns ranked twice, bars of both side by side."""
    first = next(iter(sides.values()))
    order = [entry.name for entry in sorted(first, key=lambda entry: entry.value.mean, reverse=True)][:MOST_BARS][::-1]
    places = literals(order, 32)
    chart = chart_theme.figure(height=120 + 44 * len(order))
    for (label, entries), colour in list(zip(sides.items(), (chart_theme.ACCENT, chart_theme.GREY), strict=True))[::-1]:
        found = {entry.name: entry for entry in entries}
        known = [found[name] for name in order if name in found]
        chart.add_trace(_bars(known, places, colour, literal(label, 40)))
    chart.update_layout(barmode="group", legend={"traceorder": "reversed"})
    chart.update_xaxes(title=x, zeroline=True, fixedrange=True)
    chart.update_yaxes(type="category", fixedrange=True)
    return chart


def _bars(lines: Sequence[Importance], places: Mapping[object, str], colour: str, name: str) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        y=[places[entry.name] for entry in lines],
        x=[entry.value.mean for entry in lines],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, entry.value.high - entry.value.mean) for entry in lines],
            "arrayminus": [max(0.0, entry.value.mean - entry.value.low) for entry in lines],
            "color": chart_theme.DARK_GREY,
            "thickness": 1.5,
        },
        marker={"color": colour},
        hovertext=[numbers.score_with_interval(entry.value) for entry in lines],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
    )


def words(effects: Sequence[WordEffect], *, several_columns: bool) -> go.Figure:
    """Words with their mean effect on one class, away from it at the bottom, toward it on top."""
    return charts.pushes(
        [f"{one.text} · {one.column}" if several_columns else one.text for one in effects],
        [one.value for one in effects],
        [f"{numbers.signed(one.value)} · {_in(one.n_rows)}" for one in effects],
    )


def _in(n_rows: int) -> str:
    return _n("in {n} row", "in {n} rows", n_rows).format(n=numbers.count(n_rows))


def squares(pairs: Sequence[Pair], columns: Sequence[str]) -> go.Figure:
    """The size of each pair's interaction, as a square table with an empty diagonal."""
    places = {name: place for place, name in enumerate(columns)}
    sizes: list[list[float | None]] = [[None] * len(columns) for _name in columns]
    for pair in pairs:
        first, second = places[pair.first], places[pair.second]
        sizes[first][second] = sizes[second][first] = pair.size.mean
    labels = [literal(name, 18) for name in columns]
    largest = max((pair.size.mean for pair in pairs), default=0.0)
    chart = chart_theme.figure(height=140 + 44 * len(columns))
    chart.add_trace(
        go.Heatmap(
            z=sizes, x=list(range(len(columns))), y=list(range(len(columns))), zmin=0, zmax=largest or 1,
            colorscale=chart_theme.BLUES, showscale=False, xgap=2, ygap=2, hoverongaps=False,
            hovertext=[[f"{one} × {other}" for other in labels] for one in labels],
            hovertemplate="%{hovertext}<br>%{z:.3g}<extra></extra>",
            text=[["" if size is None else numbers.figure(size, 2) for size in row] for row in sizes],
            texttemplate="%{text}",  # left out where it does not fit
        )
    )  # fmt: skip
    chart.update_xaxes(tickangle=-40)
    chart.update_yaxes(autorange="reversed")
    for axis in (chart.update_xaxes, chart.update_yaxes):
        ticks = list(range(len(columns)))
        axis(tickvals=ticks, ticktext=labels, showgrid=False, zeroline=False, fixedrange=True)
    return chart


def beside(frame: pd.DataFrame, labels: Sequence[str], first: str, second: str, x: str, shape: str) -> go.Figure:
    """Two bars per line of ``first`` and ``second``; shape: how a number is written, such as ``.0%``."""
    chart = chart_theme.figure(height=120 + 44 * len(frame))
    shown = [literal(label, 32) for label in labels][::-1]
    places = list(range(len(shown)))
    for name, side, colour in ((second, "second", chart_theme.SECOND), (first, "first", chart_theme.ACCENT)):
        values = frame[side].fillna(0.0).to_numpy()[::-1]
        chart.add_trace(
            go.Bar(
                name=literal(name, 50), orientation="h", y=places, x=values, marker={"color": colour},
                customdata=shown, hovertemplate=f"%{{customdata}}<br>%{{x:{shape}}}<extra></extra>",
            )
        )  # fmt: skip
    chart.update_layout(barmode="group", legend={"traceorder": "reversed"})
    chart.update_xaxes(title=x, zeroline=True, fixedrange=True, tickformat=shape)
    chart.update_yaxes(tickvals=places, ticktext=shown, fixedrange=True, zeroline=False)
    return chart
