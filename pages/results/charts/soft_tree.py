"""A trained soft tree, drawn so that it also reads on a phone: one line under the other, a step in for each level.

What stands at a line is what leads there from the line above it; under a leaf, a bar with its classes.
"""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.soft_tree import SoftTree, TreeLeaf
from pages.results.charts import tree_leaves, tree_lines
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

LINE_PIXELS = 58
LETTERS = 44  # of a line: what fits on a phone; all that leads there is in what appears over the dot


def drawn(tree: SoftTree) -> go.Figure:
    """Lines from the top; a dot as large as its share of the rows."""
    found = tree_lines.lines(tree)
    chart = chart_theme.figure(height=70 + LINE_PIXELS * len(found))
    heights = {line.place: row for row, line in enumerate(found)}
    _branches(chart, found, heights)
    chart.add_trace(
        go.Scatter(
            x=[tree_lines.STEP * line.level for line in found],
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
    tree_leaves.bars(chart, tree, [line for line in found if line.leaf], heights)
    chart.update_layout(barmode="overlay", showlegend=bool(tree.classes), margin={"l": 14, "r": 8, "t": 24, "b": 8})
    chart.update_xaxes(visible=False, range=[-0.05, 1.0], fixedrange=True)
    chart.update_yaxes(visible=False, range=[len(found) - 0.3, -0.7], fixedrange=True)
    return chart


def _branches(chart: go.Figure, found: list[tree_lines.Line], heights: dict[int, int]) -> None:
    """From each node down and across to its two children."""
    x: list[float | None] = []
    y: list[float | None] = []
    for line in found:
        if line.place:
            above = (line.place - 1) // 2
            start, end = tree_lines.STEP * (line.level - 1), tree_lines.STEP * line.level
            x += [start, start, end, None]
            y += [heights[above], heights[line.place], heights[line.place], None]
    chart.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": chart_theme.GREY, "width": 1}, hoverinfo="skip", showlegend=False
        )
    )


def _words(chart: go.Figure, tree: SoftTree, line: tree_lines.Line, row: int) -> None:
    """Two lines of text beside a dot: how many rows come here and what is said here, then what leads here."""
    x = tree_lines.STEP * line.level + 0.02
    first = _("all rows") if not line.place else _share(line)
    if line.leaf:
        first = f"{first} → {_said(tree, line.leaf)}"
    leading = literal(_fitting([tree_lines.sign_label(sign) for sign in line.signs], LETTERS - 2 * line.level))
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


def _share(line: tree_lines.Line) -> str:
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


def _hover(tree: SoftTree, line: tree_lines.Line) -> list[str]:
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
        found += [f"{literal(tree_lines.sign_label(sign))} ({abs(sign.weight):.2f})" for sign in line.signs]
    return found
