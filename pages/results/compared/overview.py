"""All candidates of a run against each other: score against cost, fold by fold, where two of them disagree."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.catalog import METRICS
from core.evaluate.pareto import frontier
from core.results.comparison import CandidateResult, Comparison
from core.workspace import RunRow
from pages.results.charts import comparison
from pages.results.compared import disagreement
from pages.shared import names, numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs.board import ranking

MOST_LINES = 8  # as many as there are colours
FIRST_LINES = 5


def draw(row: RunRow, result: Comparison) -> None:
    """The heading, which view, and that view alone."""
    st.subheader(_("All candidates"), anchor=False)
    if result.endpoint is not None:
        st.caption(plain(t(result.endpoint.line())))
    if len(ranking.ranked(result)) < 2:
        st.caption(_("Only one candidate finished. Train a second one to see them side by side."))
        return
    views = {"cost": _("Score against cost"), "folds": _("Fold by fold"), "disagree": _("Where candidates disagree")}
    chosen = st.segmented_control(
        _("All candidates"), list(views), default="cost", required=True, format_func=views.__getitem__,
        key="compared-view", label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    {
        "cost": lambda: _cost(row, result),
        "folds": lambda: _folds(row, result),
        "disagree": lambda: disagreement.draw(row, result),
    }[chosen or "cost"]()


def _cost(row: RunRow, result: Comparison) -> None:
    kinds: dict[str, tuple[str, Callable[[CandidateResult], float | None]]] = {
        "seconds": (_("Training, s"), lambda line: line.fit_seconds),
        "milliseconds": (_("ms per row"), lambda line: line.ms_per_row),
        "megabytes": (_("Size, MB"), lambda line: line.size_mb),
    }
    kind = st.segmented_control(
        _("Cost"), list(kinds), default="seconds", required=True, format_func=lambda one: kinds[one][0],
        key="compared-cost", persist_state="session",
    )  # fmt: skip
    label, cost_of = kinds[kind or "seconds"]
    lines = [line for line in ranking.ranked(result) if cost_of(line) is not None]
    if not lines:
        st.caption(_("This cost was not measured in this run. Choose another one."))
        return
    costs = [cost_of(line) or 0.0 for line in lines]
    sign = 1 if METRICS[result.metric].higher_is_better else -1
    front = frontier(costs, [sign * line.scores[result.metric].mean for line in lines])
    named = [names.line_label(line, result.task) for line in lines]
    st.caption(_("The dotted line joins the candidates that no other beats in both score and cost: choose among them."))
    chart = chart_theme.kept(
        f"score-and-cost-{kind}",
        result,
        lambda: comparison.score_and_cost(lines, named, costs, front, metric=result.metric, cost=label),
    )
    alt = _("Score against cost; beaten by no other: {names}").format(names=", ".join(named[place] for place in front))
    display.show(chart, f"pareto-{row.id}", name="score-and-cost", alt=alt)
    score = numbers.metric_label(result.metric)
    frame = chart_theme.kept_table(
        f"score-and-cost-table-{kind}",
        result,
        lambda: pd.DataFrame(
            {
                _("No."): range(1, len(lines) + 1),
                _("Candidate"): named,
                _("On the line"): ["✓" if place in front else "" for place in range(len(lines))],
                score: [line.scores[result.metric].mean for line in lines],
                _("Low"): [line.scores[result.metric].low for line in lines],
                _("High"): [line.scores[result.metric].high for line in lines],
                **{words: [of(line) for line in lines] for words, of in kinds.values()},
            }
        ),
    )
    shapes = {score: "%.3f", _("Low"): "%.3f", _("High"): "%.3f"} | {words: "%.2f" for words, _of in kinds.values()}
    display.table(frame, f"pareto-table-{row.id}", name="score-and-cost", formats=shapes)


def _folds(row: RunRow, result: Comparison) -> None:
    lines = [line for line in ranking.ranked(result) if len(line.fold_scores) > 1]
    if not lines:
        st.caption(
            _(
                "This run held back one part of the rows, so there are no folds to look at. On the Compare page, "
                "choose folds under “I choose”."
            )
        )
        return
    known = {line.name: line for line in lines}
    chosen = st.multiselect(
        _("Candidates"), list(known), list(known)[:FIRST_LINES], max_selections=MOST_LINES,
        format_func=lambda name: names.line_label(known[name], result.task), key=f"fold-lines-{row.id}",
    )  # fmt: skip
    if not chosen:
        st.caption(_("Choose at least one candidate."))
        return
    st.caption(
        plain(_("Lines that rise and fall together meet the same easy and hard rows; a gap that stays is a real one."))
    )
    shown = [known[name] for name in chosen]
    labels = [names.line_label(line, result.task) for line in shown]
    frame = pd.DataFrame(
        [
            {_("Candidate"): label, _("Fold"): number + 1, numbers.metric_label(result.metric): score}
            for line, label in zip(shown, labels, strict=True)
            for number, score in enumerate(line.fold_scores)
        ]
    )
    alt = _("Score on each fold: {names}").format(names=", ".join(labels))
    display.show(comparison.folds(shown, labels, result.metric), f"folds-{row.id}", frame, name="fold-by-fold", alt=alt)
