"""Charts of what goes on inside a network: attention, and what each layer would tell next."""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.language.inspection import AttentionSeen, LayersSeen
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _


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
                layer="%{x}", token="%{y}", piece="%{text}", share="%{z:.2f}"  # noqa: S106 of a chart
            )
            + "<extra></extra>",
        )
    )  # fmt: skip
    chart.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False)
    chart.update_xaxes(side="top", fixedrange=True, showgrid=False)
    return chart
