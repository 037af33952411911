"""Scores of the ways of a text task as dots with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.catalog.text_tasks.every import Score, TextTask
from core.results.text_tasks.task import WayResult
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _, t


def scores(task: TextTask, scores: Sequence[Score], lines: Sequence[WayResult]) -> go.Figure:
    """A dot per way and score; a score is a line of its own, ways have colours."""
    chart = chart_theme.figure(height=110 + 26 * len(scores) * max(1, len(lines)))
    step = 0.7 / max(1, len(lines))
    for place, line in enumerate(lines):
        known = [(number, line.scores[score.name]) for number, score in enumerate(scores) if score.name in line.scores]
        chart.add_trace(
            go.Scatter(
                x=[one.mean for _number, one in known],
                y=[number + step * (place - (len(lines) - 1) / 2) for number, _one in known],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [one.high - one.mean for _number, one in known],
                    "arrayminus": [one.mean - one.low for _number, one in known],
                    "thickness": 2,
                    "width": 0,
                },
                mode="markers",
                marker={"size": 11, "color": chart_theme.SERIES[place % len(chart_theme.SERIES)]},
                name=literal(t(task.way(line.way).label)),
                hovertext=[numbers.score_with_interval(one) for _number, one in known],
                hovertemplate="%{fullData.name}: %{hovertext}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("score"), fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(scores))),
        ticktext=[literal(t(score.label)) for score in scores],
        range=[len(scores) - 0.5, -0.5],
        fixedrange=True,
        zeroline=False,
    )
    chart.update_layout(showlegend=len(lines) > 1)
    return chart
