"""A decision tree as a chart and as a table: pure functions from a stored tree."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.model_internals import Node, Tree
from pages.explain.model_internals import words
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

STEP = 0.055  # of the chart's width, per level
LINE_PIXELS = 46
MOST_CLASSES = 6  # with a colour of their own
LETTERS = 48
ASKED = 96  # of a question that a language model answered: without its end it says nothing


def tree(one: Tree, levels: int) -> go.Figure:
    """The first levels, one line under the other; beside each dot the answer that leads there and what is asked."""
    order = _downward(one, levels)
    heights = {place: row for row, place in enumerate(order)}
    whole = max(1, one.nodes[0].n_rows)
    chart = chart_theme.figure(height=70 + LINE_PIXELS * len(order))
    x: list[float | None] = []
    y: list[float | None] = []
    for place in order[1:]:
        node = one.nodes[place]
        x += [STEP * (node.level - 1), STEP * (node.level - 1), STEP * node.level, None]
        y += [heights[node.above], heights[place], heights[place], None]
    chart.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": chart_theme.GREY, "width": 1}, hoverinfo="skip", showlegend=False
        )
    )
    chart.add_trace(
        go.Scatter(
            x=[STEP * one.nodes[place].level for place in order], y=[heights[place] for place in order], mode="markers",
            marker={
                "size": [8 + 14 * (one.nodes[place].n_rows / whole) ** 0.5 for place in order],
                "color": [chart_theme.ACCENT if _asks(one, place, levels) else chart_theme.GREY for place in order],
                "opacity": 1, "line": {"width": 0},
            },
            hovertext=[_hover(one, place) for place in order], hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )  # fmt: skip
    for place in order:
        _line(chart, one, place, heights[place], levels)
    _class_bars(chart, one, order, heights)
    chart.update_layout(barmode="overlay", showlegend=bool(one.classes), margin={"l": 14, "r": 8, "t": 24, "b": 8})
    chart.update_xaxes(visible=False, range=[-0.05, 1.0], fixedrange=True)
    chart.update_yaxes(visible=False, range=[len(order) - 0.3, -0.7], fixedrange=True)
    return chart


def _downward(one: Tree, levels: int) -> list[int]:
    """Places of the nodes to draw, each followed by what lies below it."""
    below: dict[int, list[int]] = {}
    for place, node in enumerate(one.nodes):
        below.setdefault(node.above, []).append(place)
    order, waiting = [], [0]
    while waiting:
        place = waiting.pop()
        order.append(place)
        if one.nodes[place].level < levels:
            waiting += below.get(place, [])[::-1]
    return order


def _asks(one: Tree, place: int, levels: int) -> bool:
    return one.nodes[place].feature is not None and one.nodes[place].level < levels


def _line(chart: go.Figure, one: Tree, place: int, row: int, levels: int) -> None:
    node = one.nodes[place]
    way = "" if node.above < 0 else (_("yes") if node.left else _("no")) + ": "
    told = words.question(node) + " ?" if _asks(one, place, levels) else "→ " + words.answer(node, one)
    more = " …" if not _asks(one, place, levels) and (node.cut or node.feature is not None) else ""
    text = literal(f"{way}{told}{more}", _letters(node))
    chart.add_annotation(
        x=STEP * node.level + 0.02, y=row, xanchor="left", xshift=6, yshift=4, showarrow=False, align="left",
        text=f"<b>{text}</b>" if place == 0 else text, font={"size": 12},
    )  # fmt: skip


def _letters(node: Node) -> int:
    asked = node.feature is not None and node.feature.kind == "answer"
    return (ASKED if asked else LETTERS) - 2 * node.level


def _hover(one: Tree, place: int) -> str:
    node = one.nodes[place]
    lines = [numbers.rows(node.n_rows)]
    if node.feature is not None:
        lines.append(literal(words.question(node), 120) + " ?")
    lines += [f"{literal(label, 40)}: {value:.2f}" for label, value in zip(one.classes, node.values, strict=False)]
    return "<br>".join([*lines, *([] if node.number is None else [words.answer(node, one)])])


def _class_bars(chart: go.Figure, one: Tree, order: list[int], heights: dict[int, int]) -> None:
    """Under each line the classes of its rows side by side."""
    for k, label in enumerate(one.classes[:MOST_CLASSES]):
        starts = [STEP * one.nodes[place].level + 0.035 for place in order]
        rooms = [0.98 - start for start in starts]
        before = [sum(one.nodes[place].values[:k]) for place in order]
        chart.add_trace(
            go.Bar(
                orientation="h", y=[heights[place] + 0.36 for place in order],
                x=[one.nodes[place].values[k] * room for place, room in zip(order, rooms, strict=True)],
                base=[start + room * done for start, room, done in zip(starts, rooms, before, strict=True)],
                width=0.14, marker={"color": chart_theme.SERIES[k], "line": {"width": 0}}, name=literal(label, 24),
                hoverinfo="skip",
            )
        )  # fmt: skip


def tree_table(one: Tree) -> pd.DataFrame:
    """Every node that is kept, one per line."""
    rows = []
    for place, node in enumerate(one.nodes):
        row: dict[str, object] = {
            "node": place + 1, "below": node.above + 1, "way": "" if node.above < 0 else "yes" if node.left else "no",
            "question": words.question(node), "rows": node.n_rows, "value": node.number,
        }  # fmt: skip
        rows.append(row | {f"share_{label}": value for label, value in zip(one.classes, node.values, strict=False)})
    return pd.DataFrame(rows)
