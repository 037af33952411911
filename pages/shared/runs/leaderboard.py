"""The leaderboard: every candidate a dot with its interval on one axis, best on top, parents in grey; and its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.catalog import METRICS
from core.results.comparison import Candidate, Comparison
from pages.shared import names, numbers
from pages.shared.charts import chart_theme as charts
from pages.shared.i18n import _, t
from pages.shared.markup import plain

ROW_PIXELS = 62


def ranked(comparison: Comparison) -> list[Candidate]:
    """Finished candidates by the ranking metric, best first."""
    metric = comparison.metric
    done = [line for line in comparison.candidates if line.status == "ok" and metric in line.scores]
    higher = METRICS[metric].higher_is_better if metric in METRICS else True
    return sorted(done, key=lambda line: line.scores[metric].mean, reverse=higher)


def badges() -> dict[str, tuple[str, str]]:
    """How a candidate's text features came about: in a word or two, and in a sentence."""
    return {
        "label-free": (
            _("label-free"),
            _("Its text features come from a model that never saw the target, so they can't give the answer away."),
        ),
        "fitted-in-fold": (
            _("fitted in the fold"),
            _("What makes its features was fitted again in every fold, on the training rows alone."),
        ),
        "out-of-fold": (
            _("out of fold"),
            _("Its features are predictions for rows that the model behind them was not trained on."),
        ),
    }


def costs(candidate: Candidate) -> str:
    """How long it takes to train, and, once it is kept, how large it is."""
    if candidate.size_mb is None:
        return numbers.seconds(candidate.fit_seconds)
    return _("{seconds} · {size}").format(
        seconds=numbers.seconds(candidate.fit_seconds), size=numbers.megabytes(candidate.size_mb)
    )


def drawing(comparison: Comparison) -> go.Figure:
    """Dots with intervals; name and score stand above each line, so that it also reads on a phone."""
    lines = ranked(comparison)
    chart = charts.figure()
    places = list(range(len(lines)))[::-1]
    for parent, label in ((False, _("fusions")), (True, _("to beat"))):
        chosen = [(place, line) for place, line in zip(places, lines, strict=True) if names.is_parent(line) == parent]
        if chosen:
            chart.add_trace(_dots(chosen, comparison, label, charts.GREY if parent else charts.ACCENT))
    for place, line in zip(places, lines, strict=True):
        name = charts.literal(names.line_label(line, comparison.task), 90)
        _caption(chart, place, name, "left", strong=line.name == comparison.best)
        words = f"{numbers.score_with_interval(line.scores[comparison.metric])} · {costs(line)}"
        _caption(chart, place, words, "right")
    chart.update_layout(height=70 + ROW_PIXELS * max(1, len(lines)), showlegend=False, margin={"l": 8, "r": 8, "t": 8})
    chart.update_yaxes(visible=False, range=[-0.4, len(lines) - 0.2], fixedrange=True)
    chart.update_xaxes(title=numbers.metric_label(comparison.metric), fixedrange=True)
    return chart


def _dots(chosen: list[tuple[int, Candidate]], comparison: Comparison, label: str, colour: str) -> go.Scatter:
    metric = comparison.metric
    scores = [line.scores[metric] for _place, line in chosen]
    return go.Scatter(
        x=[score.mean for score in scores],
        y=[place for place, _line in chosen],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, score.high - score.mean) for score in scores],
            "arrayminus": [max(0.0, score.mean - score.low) for score in scores],
            "thickness": 2,
            "width": 5,
        },
        mode="markers",
        name=label,
        marker={"size": 11, "color": colour},
        hovertext=["<br>".join(_hover(line, comparison)) for _place, line in chosen],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(line: Candidate, comparison: Comparison) -> list[str]:
    """What a dot says: the name, the score, the gain over the one it is compared with, how its features were made."""
    words = [
        charts.literal(names.line_label(line, comparison.task)),
        numbers.score_with_interval(line.scores[comparison.metric]),
    ]
    if line.difference is not None:
        gain = numbers.signed(line.difference.mean)
        words.append(
            _("{gain} against {name}").format(gain=gain, name=charts.literal(_name(line.difference.to, comparison)))
        )
    if line.leak_badge:
        words.append(badges()[line.leak_badge][0])
    return words


def _name(name: str, comparison: Comparison) -> str:
    """Another candidate's name in words."""
    line = comparison.candidate(name)
    return name if line is None else names.line_label(line, comparison.task)


def _caption(chart: go.Figure, place: int, text: str, side: str, *, strong: bool = False) -> None:
    chart.add_annotation(
        x=0 if side == "left" else 1,
        xref="paper",
        y=place,
        yshift=33 if side == "left" else 15,
        xanchor=side,
        text=f"<b>{text}</b>" if strong else text,
        showarrow=False,
        font={"size": 12},
    )


def table(comparison: Comparison) -> pd.DataFrame:
    """The leaderboard as a table, one line per candidate: finished ones by rank, then the rest."""
    lines = ranked(comparison)
    lines += [line for line in comparison.candidates if line not in lines]
    metric = comparison.metric
    rows: list[dict[str, Any]] = []
    for line in lines:
        score, gain = line.scores.get(metric), line.difference
        rows.append(
            {
                _("Candidate"): names.line_label(line, comparison.task),
                _("State"): names.status_label(line),
                numbers.metric_label(metric): score.mean if score else None,
                _("Low"): score.low if score else None,
                _("High"): score.high if score else None,
                _("Training, s"): line.fit_seconds,
                _("ms per row"): line.ms_per_row,
                _("Size, MB"): line.size_mb,
                _("Difference"): gain.mean if gain else None,
                _("Difference, low"): gain.low if gain else None,
                _("Difference, high"): gain.high if gain else None,
                _("p"): gain.p if gain else None,
                _("Among all, low"): gain.joint_low if gain else None,
                _("Among all, high"): gain.joint_high if gain else None,
                _("Compared with"): _name(gain.to, comparison) if gain else "",
                _("Text features"): badges()[line.leak_badge][0] if line.leak_badge else "",
                _("Reason"): t(line.reason) if line.reason else "",
                _("Name"): line.name,
            }
        )
    return pd.DataFrame(rows)


def draw(comparison: Comparison, key: str, left_out: Callable[[Comparison], None]) -> None:
    """Chart, what is still to come, what failed, and the same as a table with its download.

    left_out: draws what the time budget did not allow.
    """
    if ranked(comparison):
        best = names.line_label(ranked(comparison)[0], comparison.task)
        st.plotly_chart(
            charts.kept("leaderboard", comparison, lambda: drawing(comparison)),
            key=f"{key}-chart",
            config=charts.config("leaderboard"),
            alt=_("Candidates by score, best: {name}").format(name=best),
        )
    _waiting(comparison)
    left_out(comparison)
    _features(comparison)
    with st.expander(_("The same as a table"), icon=":material/table:"):
        rows = charts.kept_table("leaderboard-table", comparison, lambda: table(comparison))
        st.dataframe(rows, hide_index=True, column_config=columns(rows), key=f"{key}-table")
        st.download_button(
            _("Download as CSV"),
            lambda: charts.csv_bytes(rows),
            file_name="leaderboard.csv",
            mime="text/csv",
            key=f"{key}-download",
            on_click="ignore",
        )


def columns(rows: pd.DataFrame) -> dict[str, Any]:
    """How the table's columns are shown, and what they mean on hover."""
    about_score = _(
        "The 95 % interval of the score, by how much each held-out row moves it. Rows of one group, and nearly equal "
        "ones, count together."
    )
    about_gain = _(
        "The difference of the two scores on the same held-out rows, and its 95 % interval, which is this pair's alone."
    )
    about_joint = _(
        "The 95 % interval that holds for all candidates with a language model together, so also for the one that is "
        "chosen because it gains most. The verdict goes by it."
    )
    chance = _("How often chance alone would show a difference this large, if there were none.")
    places = list(rows.columns)
    shapes = ["%.3f"] * 3 + ["%.2f"] * 3 + ["%+.3f"] * 3 + ["%.3f"] + ["%+.3f"] * 2
    about = ["", *[about_score] * 2, *[""] * 3, *[about_gain] * 3, chance, *[about_joint] * 2]
    shown: dict[str, Any] = {
        name: st.column_config.NumberColumn(format=shape, help=text or None)
        for name, shape, text in zip(places[2:14], shapes, about, strict=True)
    }
    parent = _(
        "Candidates with a language model: the best one without, on the same columns and texts; the others: guessing."
    )
    sentences = " ".join(f"{word}: {sentence}" for word, sentence in badges().values())
    return shown | {
        places[14]: st.column_config.TextColumn(help=plain(parent)),
        places[15]: st.column_config.TextColumn(help=plain(sentences)),
    }


def _features(comparison: Comparison) -> None:
    """Which candidates' text features were made how; what that means on hover."""
    for badge, (word, sentence) in badges().items():
        lines = [line for line in ranked(comparison) if line.leak_badge == badge]
        if lines:
            named = ", ".join(names.line_label(line, comparison.task) for line in lines)
            st.caption(
                plain(_("Text features, {badge}: {names}").format(badge=word, names=named)), help=plain(sentence)
            )


def _waiting(comparison: Comparison) -> None:
    running = [names.line_label(line, comparison.task) for line in comparison.candidates if line.status == "running"]
    waiting = [names.line_label(line, comparison.task) for line in comparison.candidates if line.status == "waiting"]
    if running:
        st.caption(plain(_("Now training: {names}").format(names=", ".join(running))))
    if waiting:
        st.caption(plain(_("Still to come: {names}").format(names=", ".join(waiting))))
    for line in comparison.candidates:
        if line.status in {"failed", "skipped", "cancelled"} and not line.left_out:
            reason = t(line.reason) if line.reason else ""
            words = _("{name}: {state}. {reason}").format(
                name=names.line_label(line, comparison.task), state=names.status_label(line), reason=reason
            )
            st.caption(plain(words.strip()))
