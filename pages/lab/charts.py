"""The charts of the language lab: curves that grow, next-token bars, attention, layers, the beam's tree."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.results.language.inspection import AttentionSeen, BeamTree, LayersSeen, NextTokens
from core.results.language.laboratory import Curve, FinderCurve
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

STRONG = 3  # width of a line that matters


def colour(place: int) -> str:
    """A model keeps its colour through all charts of a run."""
    return chart_theme.SERIES[place % len(chart_theme.SERIES)]


def curves(found: Sequence[tuple[int, str, Curve]], lines: Sequence[tuple[int, str, float]]) -> go.Figure:
    """Bits per byte on validation text against seconds of training; models without training are level lines.

    found: (place of the colour, label, curve); lines: (place, label, bits per byte).
    """
    chart = chart_theme.figure(height=340)
    last = max((look.seconds for _place, _label, curve in found for look in curve.validations), default=1.0)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[look.seconds for look in curve.validations],
                y=[look.bits_per_byte for look in curve.validations],
                mode="lines+markers",
                name=literal(label),
                line={"color": colour(place), "width": 2},
                marker={"size": 6},
                hovertemplate=_("{label}: {bits} bits per byte after {seconds} s").format(
                    label="%{fullData.name}", bits="%{y:.3f}", seconds="%{x:.0f}"
                )
                + "<extra></extra>",
            )
        )
    for place, label, bits in lines:
        chart.add_trace(
            go.Scatter(
                x=[0, last],
                y=[bits, bits],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 2, "dash": "dash"},
                hovertemplate=f"%{{fullData.name}}: {bits:.3f}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Seconds of training"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Bits per byte"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def losses(found: Sequence[tuple[int, str, Curve]]) -> go.Figure:
    """Loss on the text trained on, step by step."""
    chart = chart_theme.figure(height=280)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[one.step for one in curve.steps],
                y=[one.loss_nats for one in curve.steps],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 1.5},
                hovertemplate="%{fullData.name}: %{y:.3f}<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Step"), rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


def finder(found: Sequence[tuple[int, str, FinderCurve]]) -> go.Figure:
    """The loss while the learning rate grows, step by step."""
    chart = chart_theme.figure(height=260)
    for place, label, curve in found:
        chart.add_trace(
            go.Scatter(
                x=[point.learning_rate for point in curve.points],
                y=[point.loss_nats for point in curve.points],
                mode="lines",
                name=literal(label),
                line={"color": colour(place), "width": 2},
                hovertemplate="%{fullData.name}: %{y:.3f} (%{x:.2g})<extra></extra>",
            )
        )
    chart.update_xaxes(title=_("Learning rate"), type="log", fixedrange=True)
    chart.update_yaxes(title=_("Loss per token, nats"), fixedrange=True)
    chart.update_layout(showlegend=True)
    return chart


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


def attention(found: AttentionSeen, layer: int, head: int | None) -> go.Figure:
    """Each row is a position and where it looks; a head of None is the mean of all."""
    heads = found.weights[layer]
    if head is None:
        n = len(found.pieces)
        weights = [[sum(one[i][j] for one in heads) / len(heads) for j in range(n)] for i in range(n)]
    else:
        weights = heads[head]
    names = [f"{number} {literal(piece, 12)}" for number, piece in enumerate(found.pieces)]
    chart = chart_theme.figure(height=140 + 18 * len(names))
    chart.add_trace(
        go.Heatmap(
            z=weights, x=names, y=names, colorscale=chart_theme.BLUES, zmin=0, zmax=1,
            colorbar={"orientation": "h", "y": -0.02, "yanchor": "top", "thickness": 10, "title": {"text": ""}},
            hovertemplate=_("{one} looks at {other}: {weight}").format(one="%{y}", other="%{x}", weight="%{z:.2f}")
            + "<extra></extra>",
        )
    )  # fmt: skip
    chart.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False)
    chart.update_xaxes(side="top", tickangle=-60, fixedrange=True, showgrid=False)
    return chart


def layers(found: LayersSeen) -> go.Figure:
    """What each layer would tell next, were it the last; the shade is how sure it would be."""
    names = [f"{number} {literal(piece, 12)}" for number, piece in enumerate(found.pieces)]
    levels = [_("embeddings"), *[_("layer {n}").format(n=n) for n in range(1, len(found.guesses))]]
    chart = chart_theme.figure(height=120 + 22 * len(names))
    shares = [[layer[position][0].probability for layer in found.guesses] for position in range(len(names))]
    texts = [[literal(layer[position][0].piece, 10) for layer in found.guesses] for position in range(len(names))]
    chart.add_trace(
        go.Heatmap(
            z=shares, x=levels, y=names, text=texts, texttemplate="%{text}",
            colorscale=chart_theme.BLUES, zmin=0, zmax=1,
            showscale=False,
            hovertemplate=_("{layer} after {token}: {piece}, {share}").format(
                layer="%{x}", token="%{y}", piece="%{text}", share="%{z:.2f}"
            )
            + "<extra></extra>",
        )
    )  # fmt: skip
    chart.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False)
    chart.update_xaxes(side="top", fixedrange=True, showgrid=False)
    return chart


def beam(tree: BeamTree) -> go.Figure:
    """Paths from left to right; the best one strong, those that were dropped grey."""
    places: dict[int, float] = {}
    by_depth: dict[int, list[int]] = {}
    for node in tree.nodes:
        by_depth.setdefault(node.depth, []).append(node.number)
    for numbers in by_depth.values():
        for place, number in enumerate(numbers):
            places[number] = place - (len(numbers) - 1) / 2
    chart = chart_theme.figure(height=max(320, 60 + 34 * max((len(one) for one in by_depth.values()), default=1)))
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
