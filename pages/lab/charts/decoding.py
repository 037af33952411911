"""Charts of what is written next: next-token bars and the beam's tree."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go

from core.results.language.inspection import BeamTree, NextTokens
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

STRONG = 3  # width of a line that matters


def stage_label(stage: str) -> str:
    """A stage on the way from the model's probabilities to those that are drawn from."""
    return {
        "model": _("the model"),
        "repetition_penalty": _("after the repetition penalty"),
        "temperature": _("after temperature"),
        "top_k": _("after top-k"),
        "top_p": _("after top-p"),
        "min_p": _("after min-p"),
    }.get(stage, stage)


def next_tokens(found: NextTokens) -> go.Figure:
    """The likeliest tokens: pale as the model gives them, strong as they are drawn from."""
    chart = chart_theme.figure(height=90 + 26 * len(found.tokens))
    names = [f"{number} · {literal(token.piece, 24)}" for number, token in enumerate(found.tokens, start=1)]
    shown = [(0, chart_theme.GREY)] if len(found.stages) == 1 else [(0, chart_theme.GREY), (-1, chart_theme.ACCENT)]
    for stage, shade in shown:
        chart.add_trace(
            go.Bar(
                orientation="h",
                x=[token.probabilities[stage] for token in found.tokens],
                y=names,
                name=stage_label(found.stages[stage]),
                marker={"color": shade},
                hovertemplate="%{fullData.name}: %{x:.3f}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Probability"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(autorange="reversed", fixedrange=True)
    chart.update_layout(showlegend=len(shown) > 1, bargap=0.25)
    return chart


def beam(tree: BeamTree) -> go.Figure:
    """Paths from left to right; the best one strong, those that were dropped grey."""
    places = _heights(tree)
    most = max(Counter(node.depth for node in tree.nodes).values(), default=1)  # nodes of one depth
    chart = chart_theme.figure(height=max(320, 60 + 34 * most))
    known = {node.number: node for node in tree.nodes}
    best = set(tree.best)
    for node in tree.nodes:
        parent = known.get(node.parent) if node.parent is not None else None
        start = (node.depth - 1, 0.0) if parent is None else (parent.depth, places[parent.number])
        chart.add_trace(
            go.Scatter(
                x=[start[0], node.depth], y=[start[1], places[node.number]], mode="lines",
                line={
                    "color": chart_theme.ACCENT if node.number in best else chart_theme.GREY,
                    "width": STRONG if node.number in best else 1,
                },
                hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip
    chart.add_trace(
        go.Scatter(
            x=[node.depth for node in tree.nodes],
            y=[places[node.number] for node in tree.nodes],
            mode="markers+text",
            text=[literal(node.piece, 12) for node in tree.nodes],
            textposition="top center",
            marker={
                "size": 9,
                "color": [
                    chart_theme.ACCENT
                    if node.number in best
                    else chart_theme.SECOND
                    if node.state == "ended"
                    else chart_theme.GREY
                    for node in tree.nodes
                ],
            },
            hovertext=[f"{literal(node.piece)}: {node.log_probability:.2f} ({node.total:.2f})" for node in tree.nodes],
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )
    chart.update_xaxes(title=_("Token"), fixedrange=True, showgrid=False, zeroline=False, dtick=1)
    chart.update_yaxes(visible=False, fixedrange=True)
    return chart


def _heights(tree: BeamTree) -> dict[int, float]:
    """Node → its height: those of one depth one above the other, around the middle."""
    places: dict[int, float] = {}
    by_depth: dict[int, list[int]] = {}
    for node in tree.nodes:
        by_depth.setdefault(node.depth, []).append(node.number)
    for numbers in by_depth.values():
        for place, number in enumerate(numbers):
            places[number] = place - (len(numbers) - 1) / 2
    return places
