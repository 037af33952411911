"""Charts of what a classical model says of itself: columns by importance, blocks and words by weight."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.model_internals import Block, Coefficient, Share, Similar
from pages.explain.model_internals import words
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import AGAINST, FOR, literal
from pages.shared.i18n import _

MOST_BARS = 24


def shares(entries: Sequence[Share]) -> go.Figure:
    """Importance by source column, the largest on top."""
    lines = list(entries)[:MOST_BARS][::-1]
    return _bars(
        [words.group(one.name, one.kind) for one in lines], [one.share for one in lines], _("importance"), ".0%"
    )


def blocks(entries: Sequence[Block], unit: str) -> go.Figure:
    """How much each column's features add together, from row to row."""
    lines = list(entries)[:MOST_BARS][::-1]
    return _bars([words.group(one.column, one.kind) for one in lines], [one.effect for one in lines], unit, ".3g")


def _bars(names: list[str], values: list[float], title: str, shape: str) -> go.Figure:
    chart = chart_theme.figure(height=90 + 30 * len(names))
    places = list(range(len(names)))
    chart.add_trace(
        go.Bar(
            orientation="h", y=places, x=values, marker={"color": chart_theme.ACCENT},
            hovertext=[literal(name) for name in names], hovertemplate=f"%{{hovertext}}: %{{x:{shape}}}<extra></extra>",
        )
    )  # fmt: skip
    chart.update_xaxes(title=literal(title), zeroline=True, fixedrange=True, tickformat=shape if "%" in shape else None)
    chart.update_yaxes(tickvals=places, ticktext=[literal(name, 32) for name in names], fixedrange=True)
    return chart


def weights(entries: Sequence[Coefficient]) -> go.Figure:
    """Words by their coefficient, the strongest in either direction; pieces of words only where there are no words."""
    whole = [one for one in entries if one.feature.kind == "word"] or entries
    strongest = sorted(whole, key=lambda one: -abs(one.value))[:MOST_BARS]
    lines = sorted(strongest, key=lambda one: one.value)
    chart = chart_theme.figure(height=90 + 26 * len(lines))
    places = list(range(len(lines)))
    chart.add_trace(
        go.Bar(
            orientation="h", y=places, x=[one.value for one in lines],
            marker={"color": [FOR if one.value >= 0 else AGAINST for one in lines]},
            hovertext=[f"{literal(words.feature(one.feature))}: {numbers.signed(one.value)}" for one in lines],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )  # fmt: skip
    chart.update_xaxes(title=_("← pushes away · pushes toward →"), zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=places, ticktext=[literal(words.feature(one.feature), 36) for one in lines], fixedrange=True
    )
    return chart


def coefficients(entries: Sequence[Coefficient]) -> pd.DataFrame:
    """Coefficients with what they are per."""
    per = {
        "number": _("per standard deviation"),
        "category": _("against the other values"),
        "word": _("per weight of 1"),
        "piece": _("per weight of 1"),
        "missing": _("where it is missing"),
    }
    return pd.DataFrame(
        {
            _("Feature"): [words.feature(one.feature) for one in entries],
            _("Coefficient"): [one.value for one in entries],
            _("Measured"): [per.get(one.feature.kind, _("per unit of the feature")) for one in entries],
            _("Per unit of the column"): pd.Series([one.per_unit for one in entries], dtype=float),
            _("Spread of what it adds"): [one.effect for one in entries],
        }
    )


def similar(entries: Sequence[Similar], target: str) -> pd.DataFrame:
    """Training rows as a table: their place, their target, how near or how weighty, their cells."""
    ours = {
        _("Row"): pd.Series([one.row + 1 for one in entries]),
        _("Distance"): pd.Series([one.distance for one in entries], dtype=float),
        _("Weight"): pd.Series([one.weight for one in entries], dtype=float),
    }
    cells = pd.DataFrame([one.cells for one in entries]).drop(columns=target, errors="ignore")
    theirs = pd.concat([pd.Series([one.truth for one in entries], name=target, dtype=object), cells], axis=1)
    theirs = theirs.rename(columns={name: f"{name} (2)" for name in ours})  # a column of the table that is called so
    row, *measures = [values.rename(name) for name, values in ours.items() if values.notna().any()]
    return pd.concat([row, theirs[theirs.columns[:1]], *measures, theirs[theirs.columns[1:]]], axis=1)
