"""Our bars and shap's, side by side."""

from __future__ import annotations

import plotly.graph_objects as go

from core.results.explanations.shap_check import ShapBars
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

MOST_BARS = 16


def side_by_side(part: ShapBars, unit: str) -> go.Figure:
    """Two bars per line, each with its 95 % interval where it was sampled; of many, the longest in their order."""
    longest = sorted(range(len(part.bars)), key=lambda at: -max(abs(part.bars[at].ours), abs(part.bars[at].theirs)))
    lines = [part.bars[at] for at in sorted(longest[:MOST_BARS])]
    chart = chart_theme.figure(height=120 + 40 * len(lines))
    series = (
        (_("here"), chart_theme.ACCENT, [(bar.ours, bar.ours_reach) for bar in lines]),
        ("shap", chart_theme.SERIES[4], [(bar.theirs, bar.theirs_reach) for bar in lines]),
    )
    for words, colour, values in series:
        reach = [half for _value, half in values]
        chart.add_trace(
            go.Bar(
                orientation="h",
                name=words,
                y=list(range(len(lines))),
                x=[value for value, _half in values],
                marker={"color": colour},
                error_x={
                    "type": "data",
                    "array": reach,
                    "color": chart_theme.GREY,
                    "thickness": 1,
                    "width": 3,
                    "visible": any(reach),
                },
                hovertext=[f"{words}: {numbers.signed(value, 4)}" for value, _half in values],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    chart.update_layout(barmode="group", bargap=0.35, legend={"traceorder": "normal"})
    chart.update_xaxes(title=literal(unit), zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(lines))), ticktext=[literal(bar.name, 24) for bar in lines],
        range=[len(lines) - 0.4, -0.6], fixedrange=True, zeroline=False, showgrid=False,
    )  # fmt: skip
    return chart
