"""Charts of attention: pure functions from stored weights to figures and tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.results.explanations.attention import Attention
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import AGAINST, FOR, literal
from pages.shared.i18n import _

ACROSS = 4  # small heat maps in a line
LETTERS = 14  # of a token


def heat(weights: np.ndarray, tokens: Sequence[str]) -> go.Figure:
    """One head: (tokens, tokens), each line the look of one token."""
    n = len(tokens)
    chart = chart_theme.figure(height=120 + max(200, min(20 * n, 900)))
    chart.add_trace(
        go.Heatmap(
            z=weights, colorscale=chart_theme.BLUES, zmin=0, zmax=float(weights.max()),
            text=[[f"{literal(a, 30)} → {literal(b, 30)}" for b in tokens] for a in tokens],
            hovertemplate="%{text}<br>%{z:.3f}<extra></extra>", colorbar={"title": _("weight"), "thickness": 10},
        )
    )  # fmt: skip
    marks = {"tickvals": list(range(n)), "ticktext": [literal(token, LETTERS) for token in tokens]}
    chart.update_xaxes(**marks, title=_("is looked at"), tickangle=-60, fixedrange=True, showgrid=False)
    chart.update_yaxes(**marks, title=_("looks"), autorange="reversed", fixedrange=True, showgrid=False)
    return chart


def small(weights: np.ndarray) -> go.Figure:
    """All heads of a layer, (heads, tokens, tokens), without words."""
    n = len(weights)
    rows = -(-n // ACROSS)
    titles = [_("head {n}").format(n=number + 1) for number in range(n)]
    chart = go.Figure(
        make_subplots(rows, ACROSS, subplot_titles=titles, horizontal_spacing=0.03, vertical_spacing=0.3 / (rows + 2))
    )
    for number, one in enumerate(weights):
        chart.add_trace(
            go.Heatmap(
                z=one, colorscale=chart_theme.BLUES, zmin=0, zmax=float(one.max()), showscale=False,
                hovertemplate="%{y} → %{x}: %{z:.3f}<extra></extra>",
            ),
            row=number // ACROSS + 1, col=number % ACROSS + 1,
        )  # fmt: skip
    chart.update_layout(height=60 + 170 * rows, margin={"l": 8, "r": 8, "t": 32, "b": 8})
    chart.update_annotations(font={"size": 12})
    chart.update_xaxes(visible=False, fixedrange=True)
    chart.update_yaxes(visible=False, autorange="reversed", fixedrange=True)
    return chart


def beside(found: Attention, unit: str) -> go.Figure:
    """Words from the top as they stand: rollout, and what each does to the answer."""
    places = list(range(len(found.words)))
    chart = go.Figure(make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.04))
    chart.add_trace(
        go.Bar(
            orientation="h", y=places, x=[word.rollout for word in found.words], marker={"color": chart_theme.GREY},
            hovertemplate="%{x:.1%}<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    effects = [word.effect or 0.0 for word in found.words]
    chart.add_trace(
        go.Bar(
            orientation="h", y=places, x=effects,
            marker={"color": [FOR if value >= 0 else AGAINST for value in effects]},
            hovertext=[numbers.signed(word.effect) for word in found.words],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        row=1, col=2,
    )  # fmt: skip
    chart.update_layout(height=110 + 24 * len(places), margin={"l": 8, "r": 8, "t": 16, "b": 8}, showlegend=False)
    chart.update_xaxes(fixedrange=True, automargin=True, zeroline=True)
    chart.update_xaxes(title=_("share of attention"), tickformat=".0%", row=1, col=1)
    chart.update_xaxes(title=_("effect ({unit})").format(unit=literal(unit, 24)) if unit else _("effect"), row=1, col=2)
    chart.update_yaxes(
        tickvals=places, ticktext=[literal(word.text, 24) for word in found.words], fixedrange=True, automargin=True,
        range=[len(places) - 0.4, -0.6],
    )  # fmt: skip
    return chart


def matrix(weights: np.ndarray, tokens: Sequence[str]) -> pd.DataFrame:
    """One head as a table: a line per token that looks, a column per token that is looked at."""
    names = [f"{place + 1} {token}" for place, token in enumerate(tokens)]
    return pd.concat([pd.Series(names, name="token"), pd.DataFrame(weights, columns=names)], axis=1)


def long(weights: np.ndarray, tokens: Sequence[str]) -> pd.DataFrame:
    """All heads as a table: a line per head and pair of tokens."""
    heads, looking, looked = (axis.ravel() for axis in np.indices(weights.shape))
    names = np.asarray(tokens, dtype=object)
    return pd.DataFrame(
        {"head": heads + 1, "place": looking + 1, "token": names[looking], "looks at": names[looked],
         "at place": looked + 1, "weight": weights.ravel()}
    )  # fmt: skip


def words(found: Attention) -> pd.DataFrame:
    """The words with both numbers."""
    return pd.DataFrame([word.model_dump() for word in found.words])
