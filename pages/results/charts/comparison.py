"""The charts that compare candidates: score against cost, folds, groups of rows."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.results.comparison import CandidateResult, Interval
from pages.shared import names, numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

DOT = 22  # pixels; a number stands in it


def score_and_cost(
    lines: Sequence[CandidateResult],
    labels: Sequence[str],
    costs: Sequence[float],
    front: Sequence[int],
    *,
    metric: str,
    cost: str,
) -> go.Figure:
    """A numbered dot per candidate, the cheapest at the left; a line joins those that no other beats."""
    chart = chart_theme.figure(height=420)
    scores = [line.scores[metric] for line in lines]
    floor = min([value for value in costs if value > 0], default=1.0) / 2  # a logarithm has no place for nothing
    x = [max(value, floor) for value in costs]
    chart.add_trace(
        go.Scatter(
            x=[x[place] for place in front], y=[scores[place].mean for place in front], mode="lines",
            line={"color": chart_theme.ACCENT, "width": 2, "dash": "dot"}, hoverinfo="skip", showlegend=False,
        )
    )  # fmt: skip
    for parent, name, colour in (
        (False, _("fusions"), chart_theme.ACCENT),
        (True, _("to beat"), chart_theme.DARK_GREY),
    ):
        own = [place for place, line in enumerate(lines) if names.is_parent(line) == parent]
        chart.add_trace(
            go.Scatter(
                x=[x[place] for place in own],
                y=[scores[place].mean for place in own],
                error_y=chart_theme.reach([scores[place] for place in own]),
                mode="markers+text",
                text=[str(place + 1) for place in own],
                textfont={"color": "#ffffff", "size": 12},
                marker={"size": DOT, "color": colour},
                name=name,
                hovertext=[
                    f"{literal(labels[place])}<br>{numbers.score_with_interval(scores[place])}<br>"
                    f"{cost}: {numbers.figure(costs[place])}"
                    for place in own
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    chart.update_xaxes(title=cost, type="log", dtick=1, fixedrange=True)
    chart.update_yaxes(title=numbers.metric_label(metric), fixedrange=True)
    return chart


def folds(lines: Sequence[CandidateResult], labels: Sequence[str], metric: str) -> go.Figure:
    """One line per candidate over the folds; those to beat are dashed."""
    chart = chart_theme.figure(height=340 + 24 * len(lines))
    for place, (line, label) in enumerate(zip(lines, labels, strict=True)):
        chart.add_trace(
            go.Scatter(
                x=list(range(1, len(line.fold_scores) + 1)),
                y=line.fold_scores,
                name=literal(label, 48),
                mode="lines+markers",
                line={
                    "color": chart_theme.SERIES[place % len(chart_theme.SERIES)],
                    "width": 2,
                    "dash": "dash" if names.is_parent(line) else "solid",
                },
                hovertemplate="%{fullData.name}: %{y:.3f}<extra></extra>",
            )
        )
    chart.update_layout(legend={"orientation": "v", "y": -0.22, "yanchor": "top", "x": 0}, showlegend=True)
    chart.update_xaxes(title=_("Fold"), dtick=1, fixedrange=True)
    chart.update_yaxes(title=numbers.metric_label(metric), fixedrange=True)
    return chart


def groups(labels: Sequence[str], scores: Sequence[Interval | None], metric: str, overall: float | None) -> go.Figure:
    """A dot with its interval per group, in order from the top; the dashed line is the score over all rows."""
    chart = chart_theme.figure(height=110 + 34 * len(labels))
    known = [(place, score) for place, score in enumerate(scores) if score is not None]
    chart.add_trace(
        go.Scatter(
            x=[score.mean for _place, score in known],
            y=[place for place, _score in known],
            error_x=chart_theme.reach([score for _place, score in known]),
            mode="markers",
            marker={"size": 10, "color": chart_theme.ACCENT},
            hovertext=[f"{labels[place]}<br>{numbers.score_with_interval(score)}" for place, score in known],
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )
    if overall is not None:
        chart.add_vline(x=overall, line={"color": chart_theme.GREY, "dash": "dash", "width": 1})
    chart.update_xaxes(title=numbers.metric_label(metric), fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(labels))), ticktext=list(labels), range=[len(labels) - 0.5, -0.5], fixedrange=True,
        zeroline=False,
    )  # fmt: skip
    return chart
