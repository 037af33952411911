"""Before and after: a changed row's answer and bars beside those of the row as it was."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.what_if import WhatIf
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

MOST_BARS = 12


def effects(before: WhatIf, now: WhatIf) -> pd.DataFrame:
    """Each column's bar before and after, the longest first."""
    was = {column.name: column for column in before.explanation.columns}
    rows = [
        {
            "column": column.name,
            "before": was[column.name].value,
            "after": column.value,
            "cell_before": was[column.name].shown,
            "cell_after": column.shown,
        }
        for column in now.explanation.columns
    ]
    frame = pd.DataFrame(rows)
    size = frame[["before", "after"]].abs().max(axis=1)
    return frame.loc[size.sort_values(ascending=False).index].reset_index(drop=True)


def probabilities(before: WhatIf, now: WhatIf) -> pd.DataFrame:
    """Each class's probability before and after, the likeliest first."""
    rows = [
        {"class": label, "before": before.probabilities[label], "after": value}
        for label, value in now.probabilities.items()
    ]
    return pd.DataFrame(rows).sort_values("after", ascending=False, ignore_index=True)


def pairs(frame: pd.DataFrame, names: str, x: str) -> go.Figure:
    """Two bars per line, before in grey and after in colour; one where nothing has changed.

    frame: columns `names`, ``after`` and, where there is one, ``before``; the top line first
    """
    lines = frame.head(MOST_BARS)
    chart = chart_theme.figure(height=110 + 44 * len(lines))
    places = list(range(len(lines)))
    series = (("before", _("before"), chart_theme.GREY), ("after", _("after"), chart_theme.ACCENT))
    for column, words, colour in (one for one in series if one[0] in lines):
        chart.add_trace(
            go.Bar(
                orientation="h",
                name=words,
                y=places,
                x=lines[column].tolist(),
                marker={"color": colour},
                hovertext=[f"{words}: {numbers.signed(value)}" for value in lines[column]],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    chart.update_layout(barmode="group", bargap=0.35, showlegend="before" in lines)
    chart.update_xaxes(title=literal(x), zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=places, ticktext=[literal(name, 24) for name in lines[names]],
        range=[len(lines) - 0.4, -0.6], fixedrange=True,
    )  # fmt: skip
    return chart
