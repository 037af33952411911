"""A trained soft tree, drawn so that it also reads on a phone: one line under the other, a step in for each level.

What stands at a line is what leads there from the line above it; under a leaf, a bar with its classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from core.messages import clip
from core.results.soft_tree import Sign, SoftTree, TreeLeaf, TreeNode
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

STEP = 0.045  # of the chart's width, per level
LINE_PIXELS = 58
MOST_CLASSES = 6  # with a colour of their own
LETTERS = 44  # of a line: what fits on a phone; all that leads there is in what appears over the dot


@dataclass(frozen=True)
class Line:
    """A node or a leaf with the way to it."""

    place: int  # among nodes and leaves, level by level
    level: int
    side: str  # "", "left" or "right" of the one above
    share: float
    signs: tuple[Sign, ...]  # what leads to it
    node: TreeNode | None
    leaf: TreeLeaf | None


def lines(tree: SoftTree) -> list[Line]:
    """From the root down, what lies left before what lies right."""
    return list(_below(tree, 0, 0, "", ()))


def _below(tree: SoftTree, place: int, level: int, side: str, signs: tuple[Sign, ...]) -> Iterator[Line]:
    n = len(tree.nodes)
    if place >= n:
        leaf = tree.leaves[place - n]
        yield Line(place, level, side, leaf.share, signs, None, leaf)
        return
    node = tree.nodes[place]
    yield Line(place, level, side, node.share, signs, node, None)
    for child, below, way in ((2 * place + 1, -1, "left"), (2 * place + 2, 1, "right")):
        leading = sorted((one for one in [*node.words, *node.columns] if one.weight * below > 0), key=_strongest)
        yield from _below(tree, child, level + 1, way, tuple(leading))


def _strongest(sign: Sign) -> float:
    return -abs(sign.weight)


def drawn(tree: SoftTree) -> go.Figure:
    """Lines from the top; a dot as large as its share of the rows."""
    found = lines(tree)
    chart = chart_theme.figure(height=70 + LINE_PIXELS * len(found))
    heights = {line.place: row for row, line in enumerate(found)}
    _branches(chart, found, heights)
    chart.add_trace(
        go.Scatter(
            x=[STEP * line.level for line in found],
            y=[heights[line.place] for line in found],
            mode="markers",
            marker={
                "size": [8 + 14 * line.share**0.5 for line in found],
                "color": [chart_theme.ACCENT if line.node else chart_theme.GREY for line in found],
                "line": {"width": 0},
                "opacity": 1,
            },
            hovertext=["<br>".join(_hover(tree, line)) for line in found],
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
        )
    )
    for line in found:
        _words(chart, tree, line, heights[line.place])
    _bars(chart, tree, [line for line in found if line.leaf], heights)
    chart.update_layout(barmode="overlay", showlegend=bool(tree.classes), margin={"l": 14, "r": 8, "t": 24, "b": 8})
    chart.update_xaxes(visible=False, range=[-0.05, 1.0], fixedrange=True)
    chart.update_yaxes(visible=False, range=[len(found) - 0.3, -0.7], fixedrange=True)
    return chart


def _branches(chart: go.Figure, found: list[Line], heights: dict[int, int]) -> None:
    """From each node down and across to its two children."""
    x: list[float | None] = []
    y: list[float | None] = []
    for line in found:
        if line.place:
            above = (line.place - 1) // 2
            x += [STEP * (line.level - 1), STEP * (line.level - 1), STEP * line.level, None]
            y += [heights[above], heights[line.place], heights[line.place], None]
    chart.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": chart_theme.GREY, "width": 1}, hoverinfo="skip", showlegend=False
        )
    )


def _words(chart: go.Figure, tree: SoftTree, line: Line, row: int) -> None:
    """Two lines of text beside a dot: how many rows come here and what is said here, then what leads here."""
    x = STEP * line.level + 0.02
    first = _("all rows") if not line.place else _share(line)
    if line.leaf:
        first = f"{first} → {_said(tree, line.leaf)}"
    leading = literal(_fitting([sign_label(sign) for sign in line.signs], LETTERS - 2 * line.level))
    for text, shift in ((f"<b>{first}</b>", 11), (leading, -6)):
        chart.add_annotation(
            x=x, y=row, xanchor="left", yshift=shift, text=text, showarrow=False, align="left", font={"size": 12},
            xshift=6,
        )  # fmt: skip


def _fitting(parts: list[str], letters: int) -> str:
    """As many as fit, the first in any case."""
    kept = parts[:1]
    for part in parts[1:]:
        if len(", ".join([*kept, part])) > letters:
            break
        kept.append(part)
    return ", ".join(kept)


def _share(line: Line) -> str:
    arrow = {"left": "↰", "right": "↱"}.get(line.side, "")
    return f"{arrow} {line.share:.0%}"


def _said(tree: SoftTree, leaf: TreeLeaf) -> str:
    """The leaf's likeliest class with its probability, or its number."""
    if leaf.number is not None:
        return numbers.figure(leaf.number)
    if not leaf.probabilities:
        return "–"
    best = max(range(len(leaf.probabilities)), key=leaf.probabilities.__getitem__)
    return f"{literal(tree.classes[best], 24)} {leaf.probabilities[best]:.2f}"


def sign_label(sign: Sign) -> str:
    """“refund”, “seats ↑”, or “plan = free” for a value of a category."""
    if sign.kind == "word":
        return f"“{clip(sign.name, 24)}”"
    return f"{clip(sign.name, 24)} = {clip(sign.value, 24)}" if sign.value else f"{clip(sign.name, 24)} ↑"


def _hover(tree: SoftTree, line: Line) -> list[str]:
    found = [_("{share} of the training rows").format(share=f"{line.share:.1%}")]
    if line.node:
        found.append(_("of these, {share} go right").format(share=f"{line.node.right:.0%}"))
    if line.leaf and line.leaf.number is not None:
        found.append(numbers.figure(line.leaf.number))
    if line.leaf:
        shares = sorted(zip(line.leaf.probabilities, tree.classes, strict=False), reverse=True)
        found += [f"{literal(label, 40)}: {share:.2f}" for share, label in shares[:12]]
    if line.signs:
        found.append(_("What leads here:"))
        found += [f"{literal(sign_label(sign))} ({abs(sign.weight):.2f})" for sign in line.signs]
    return found


def _bars(chart: go.Figure, tree: SoftTree, leaves: list[Line], heights: dict[int, int]) -> None:
    """Under each leaf its classes side by side; for numbers, how far it lies between the lowest and the highest."""
    if not tree.classes:
        values = [line.leaf.number or 0.0 for line in leaves if line.leaf]
        low, high = min(values, default=0.0), max(values, default=1.0)
        shares = [[(value - low) / max(1e-12, high - low)] for value in values]
        series = [("", chart_theme.ACCENT)]
    else:
        order = _frequent(tree)
        series = [
            (literal(tree.classes[k], 24), chart_theme.SERIES[place]) for place, k in enumerate(order[:MOST_CLASSES])
        ]
        shares = [[line.leaf.probabilities[k] for k in order[:MOST_CLASSES]] for line in leaves if line.leaf]
        if len(order) > MOST_CLASSES:
            series.append((_("other classes"), chart_theme.GREY))
            shares = [[*row, max(0.0, 1 - sum(row))] for row in shares]
    starts = [STEP * line.level + 0.04 for line in leaves]
    for place, (name, colour) in enumerate(series):
        rooms = [0.98 - start for start in starts]
        chart.add_trace(
            go.Bar(
                orientation="h",
                y=[heights[line.place] + 0.4 for line in leaves],
                x=[row[place] * room for row, room in zip(shares, rooms, strict=True)],
                base=[start + sum(row[:place]) * room for start, row, room in zip(starts, shares, rooms, strict=True)],
                width=0.16,
                marker={"color": colour, "line": {"width": 0}},
                name=name,
                showlegend=bool(name),
                hoverinfo="skip",
            )
        )


def _frequent(tree: SoftTree) -> list[int]:
    """Classes by how much of the rows the leaves give them, the most first."""
    mass = [sum(leaf.share * leaf.probabilities[k] for leaf in tree.leaves) for k in range(len(tree.classes))]
    return sorted(range(len(tree.classes)), key=lambda k: -mass[k])


def table(tree: SoftTree) -> pd.DataFrame:
    """One line per node and leaf, in the order drawn."""
    ways = {"": "", "left": _("to the left"), "right": _("to the right")}
    rows = []
    for line in lines(tree):
        row: dict[str, object] = {
            _("No."): line.place + 1,
            _("Level"): line.level + 1,
            _("Below no."): (line.place + 1) // 2 if line.place else None,
            _("Side"): ways[line.side],
            _("Share of rows"): line.share,
            _("Of these, go right"): line.node.right if line.node else None,
            _("What leads here"): ", ".join(f"{sign_label(sign)} {abs(sign.weight):.2f}" for sign in line.signs),
        }
        if not tree.classes:
            row[_("Predicted value")] = line.leaf.number if line.leaf else None
        for k, label in enumerate(tree.classes):
            row[_("Probability of {label}").format(label=label)] = line.leaf.probabilities[k] if line.leaf else None
        rows.append(row)
    return pd.DataFrame(rows).astype({_("Below no."): "Int64"})
