"""Under each leaf of a soft tree a bar: its classes side by side, or how high its number is."""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.soft_tree import SoftTree
from pages.results.charts import tree_lines
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

MOST_CLASSES = 6  # with a colour of their own


def bars(chart: go.Figure, tree: SoftTree, leaves: list[tree_lines.Line], heights: dict[int, int]) -> None:
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
    starts = [tree_lines.STEP * line.level + 0.04 for line in leaves]
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
