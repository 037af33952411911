"""The leaderboard's chart: every candidate a dot with its interval on one axis, best on top, parents in grey."""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.comparison import CandidateResult, Comparison
from pages.shared import names, numbers
from pages.shared.charts import chart_theme
from pages.shared.i18n import _
from pages.shared.runs.board import ranking

ROW_PIXELS = 62


def drawing(comparison: Comparison) -> go.Figure:
    """Dots with intervals; name and score stand above each line, so that it also reads on a phone."""
    lines = ranking.ranked(comparison)
    chart = chart_theme.figure()
    places = list(range(len(lines)))[::-1]
    for parent, label in ((False, _("fusions")), (True, _("to beat"))):
        chosen = [(place, line) for place, line in zip(places, lines, strict=True) if names.is_parent(line) == parent]
        if chosen:
            chart.add_trace(_dots(chosen, comparison, label, chart_theme.GREY if parent else chart_theme.ACCENT))
    for place, line in zip(places, lines, strict=True):
        name = chart_theme.literal(names.line_label(line, comparison.task), 90)
        _caption(chart, place, name, "left", strong=line.name == comparison.best)
        words = f"{numbers.score_with_interval(line.scores[comparison.metric])} · {ranking.costs(line)}"
        _caption(chart, place, words, "right")
    chart.update_layout(height=70 + ROW_PIXELS * max(1, len(lines)), showlegend=False, margin={"l": 8, "r": 8, "t": 8})
    chart.update_yaxes(visible=False, range=[-0.4, len(lines) - 0.2], fixedrange=True)
    chart.update_xaxes(title=numbers.metric_label(comparison.metric), fixedrange=True)
    return chart


def _dots(chosen: list[tuple[int, CandidateResult]], comparison: Comparison, label: str, colour: str) -> go.Scatter:
    metric = comparison.metric
    scores = [line.scores[metric] for _place, line in chosen]
    return go.Scatter(
        x=[score.mean for score in scores],
        y=[place for place, _line in chosen],
        error_x=chart_theme.reach(scores),
        mode="markers",
        name=label,
        marker={"size": 11, "color": colour},
        hovertext=["<br>".join(_hover(line, comparison)) for _place, line in chosen],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(line: CandidateResult, comparison: Comparison) -> list[str]:
    """What a dot says: the name, the score, the gain over the one it is compared with, how its features were made."""
    words = [
        chart_theme.literal(names.line_label(line, comparison.task)),
        numbers.score_with_interval(line.scores[comparison.metric]),
    ]
    if line.difference is not None:
        gain = numbers.signed(line.difference.mean)
        words.append(
            _("{gain} against {name}").format(
                gain=gain, name=chart_theme.literal(ranking.name_in_words(line.difference.to, comparison))
            )
        )
    if line.leak_badge:
        words.append(ranking.badges()[line.leak_badge][0])
    return words


def _caption(chart: go.Figure, place: int, text: str, side: str, *, strong: bool = False) -> None:
    chart.add_annotation(
        x=0 if side == "left" else 1,
        xref="paper",
        y=place,
        yshift=33 if side == "left" else 15,
        xanchor=side,
        text=f"<b>{text}</b>" if strong else text,
        showarrow=False,
        font={"size": 12},
    )
