"""Where a gain comes from: columns, then word counts, then a frozen language model, then one trained on the target."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.evaluate.verdict.ladder import STEPS
from core.results.amounts import gain_with_interval
from core.results.comparison import Comparison, Rung
from pages.shared import names, numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, t
from pages.shared.markup import plain

ROW_PIXELS = 76


def draw(result: Comparison, key: str) -> None:
    """Nothing where there are not two steps to compare."""
    if len(result.ladder) < 2:
        return
    st.subheader(_("Where the gain comes from"), anchor=False)
    st.caption(
        plain(
            _(
                "Each step adds one thing to the step above it, on the same rows; the number is what it adds, with its "
                "95 % interval. A step whose interval holds zero may add nothing."
            )
        )
    )
    display.show(
        chart_theme.kept("ladder", result, lambda: figure(result)),
        f"ladder-{key}",
        table(result),
        name="ladder",
        alt="; ".join(sentence(rung, result.metric) for rung in result.ladder),
    )


def sentence(rung: Rung, metric: str) -> str:
    """“+ word counts: +18.6 points (+14.9 to +22.3)”."""
    step = t(STEPS[rung.step])
    return step if rung.gain is None else f"{step}: {t(gain_with_interval(rung.gain, metric))}"


def price(rung: Rung) -> str:
    """Seconds to train and megabytes to keep."""
    return _("{seconds} · {size}").format(seconds=numbers.seconds(rung.seconds), size=numbers.megabytes(rung.megabytes))


def figure(result: Comparison) -> go.Figure:
    """One dot a step with the interval of its score; what it is, adds and costs stands above it."""
    chart = chart_theme.figure()
    places = list(range(len(result.ladder)))[::-1]
    scores = [rung.score for rung in result.ladder]
    chart.add_scatter(
        x=[score.mean for score in scores], y=places, mode="lines+markers",
        line={"color": chart_theme.GREY, "width": 1, "dash": "dot"},
        marker={"size": 11, "color": [chart_theme.GREY if rung.step in {"columns", "words"} else chart_theme.ACCENT
                                      for rung in result.ladder]},
        error_x={"type": "data", "symmetric": False, "thickness": 2, "width": 5,
                 "array": [score.high - score.mean for score in scores],
                 "arrayminus": [score.mean - score.low for score in scores]},
        hovertext=[chart_theme.literal(_name(rung, result)) for rung in result.ladder],
        hovertemplate="%{hovertext}<extra></extra>", showlegend=False,
    )  # fmt: skip
    for place, rung in zip(places, result.ladder, strict=True):
        _caption(chart, place, f"<b>{t(STEPS[rung.step])}</b>", "left", 48)
        if rung.gain is not None:
            _caption(chart, place, f"<b>{t(gain_with_interval(rung.gain, result.metric))}</b>", "left", 31)
        _caption(chart, place, f"{numbers.score(rung.score)} · {price(rung)}", "right", 14)
    chart.update_layout(height=60 + ROW_PIXELS * len(places), margin={"l": 8, "r": 8, "t": 8})
    chart.update_yaxes(visible=False, range=[-0.4, len(places) - 0.2], fixedrange=True)
    return chart.update_xaxes(title=numbers.metric_label(result.metric), fixedrange=True)


def _caption(chart: go.Figure, place: int, text: str, side: str, pixels: int) -> None:
    """A line of its own, so many pixels above the dot: a telephone is too narrow for two beside each other."""
    chart.add_annotation(
        x=0 if side == "left" else 1, xref="paper", y=place, yshift=pixels, xanchor=side,
        text=text, showarrow=False, font={"size": 12},
    )  # fmt: skip


def table(result: Comparison) -> pd.DataFrame:
    """The same as a table."""
    metric = numbers.metric_label(result.metric)
    return pd.DataFrame(
        [
            {
                _("Step"): t(STEPS[rung.step]),
                _("Candidate"): _name(rung, result),
                metric: rung.score.mean,
                _("Low"): rung.score.low,
                _("High"): rung.score.high,
                _("Gain"): rung.gain.mean if rung.gain else None,
                _("Gain, low"): rung.gain.low if rung.gain else None,
                _("Gain, high"): rung.gain.high if rung.gain else None,
                _("Training, s"): rung.seconds,
                _("Size, MB"): rung.megabytes,
            }
            for rung in result.ladder
        ]
    )


def _name(rung: Rung, result: Comparison) -> str:
    line = result.candidate(rung.name)
    return rung.name if line is None else names.line_label(line, result.task)
