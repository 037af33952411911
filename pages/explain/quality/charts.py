"""Charts of how far explanations can be trusted: pure functions from a stored result to figures and tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.results.explanations.quality import Agreement, ExplainedTrust, How, Walk, What
from pages.shared import numbers
from pages.shared.charts import chart_theme
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _

HEIGHT = 330
HOWS: tuple[How, ...] = ("seeds", "again", "shuffled")


def curves(walk: Walk, target: str) -> go.Figure:
    """The output as parts go and as they come back, in the explanation's order and in random ones."""
    chart = chart_theme.figure(HEIGHT)
    lines = (
        (_("taken away"), walk.removed, chart_theme.SECOND, "solid"),
        (_("taken away at random"), walk.removed_random, chart_theme.SECOND, "dot"),
        (_("put back"), walk.added, chart_theme.ACCENT, "solid"),
        (_("put back at random"), walk.added_random, chart_theme.ACCENT, "dot"),
    )
    for name, values, colour, dash in lines:
        chart.add_trace(
            go.Scatter(
                x=walk.share, y=values, mode="lines", name=name, line={"color": colour, "dash": dash, "width": 2},
                hovertemplate=f"{name}<br>%{{x:.0%}} · %{{y:.3g}}<extra></extra>",
            )
        )  # fmt: skip
    title = _("share of the words") if walk.what == "words" else _("share of the columns")
    chart.update_xaxes(title=title, tickformat=".0%", fixedrange=True, range=[0, 1.03], dtick=0.25)
    chart.update_xaxes(ticklabeloverflow="allow")
    named = _("distance from the answer ({target})").format(target=literal(target, 24)) if target else _("probability")
    chart.update_yaxes(title=named, rangemode="tozero", fixedrange=True)
    return chart


def agreements(found: Sequence[Agreement]) -> go.Figure:
    """Rank correlations as dots with their intervals: other seeds on top, shuffled labels at the bottom."""
    chart = chart_theme.figure(HEIGHT)
    names = how_words()
    several = len({one.what for one in found}) > 1
    sides: tuple[tuple[What, str, str, str], ...] = (
        ("words", _("words"), chart_theme.ACCENT, "circle"),
        ("columns", _("columns"), chart_theme.SECOND, "diamond"),
    )
    shown = [how for how in HOWS if any(one.how == how for one in found)][::-1]
    for number, (what, name, colour, symbol) in enumerate(sides):
        some = [one for one in found if one.what == what]
        if not some:
            continue
        means = [one.correlation.mean for one in some]
        chart.add_trace(
            go.Scatter(
                x=means, y=[shown.index(one.how) + (0.14 - 0.28 * number if several else 0) for one in some],
                mode="markers", name=name, showlegend=True,
                marker={"color": colour, "size": 10, "symbol": symbol},
                error_x={
                    "type": "data", "symmetric": False, "thickness": 1.5, "width": 4, "color": colour,
                    "array": [one.correlation.high - mean for one, mean in zip(some, means, strict=True)],
                    "arrayminus": [mean - one.correlation.low for one, mean in zip(some, means, strict=True)],
                },
                hovertext=[f"{name}, {names[one.how]}: {numbers.score_with_interval(one.correlation)}" for one in some],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )  # fmt: skip
    low = min([0.0, *[one.correlation.low for one in found]])
    chart.update_xaxes(title=_("rank correlation"), range=[low - 0.08, 1.08], zeroline=True, fixedrange=True)
    chart.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=[names[how] for how in shown],
        range=[-0.6, len(shown) - 0.4], zeroline=False, fixedrange=True,
    )  # fmt: skip
    return chart


def how_words() -> dict[How, str]:
    """What the same rows were explained with instead."""
    return {
        "seeds": _("another seed"),
        "again": _("trained again"),
        "shuffled": _("shuffled labels"),
    }


def curve_table(walk: Walk) -> pd.DataFrame:
    """The curves' numbers."""
    return pd.DataFrame(walk.model_dump(include={"share", "removed", "removed_random", "added", "added_random"}))


def agreement_table(trust: ExplainedTrust) -> pd.DataFrame:
    """Every comparison: a line each."""
    names = how_words()
    return pd.DataFrame(
        {
            _("of"): [_("words") if one.what == "words" else _("columns") for one in trust.agreements],
            _("compared with"): [names[one.how] for one in trust.agreements],
            _("rows"): [one.n_rows for one in trust.agreements],
            _("rank correlation"): [numbers.score_with_interval(one.correlation) for one in trust.agreements],
            _("first three that stay"): ["–" if one.top is None else f"{one.top.mean:.0%}" for one in trust.agreements],
        }
    )
