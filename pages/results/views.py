"""The views of the Results page, one at a time: curves, threshold, calibration, learning curve, settings."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.catalog import METRICS, MODELS
from core.results.comparison import Comparison, Detail
from pages.results.charts import over_threshold, scores
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def figures(result: Comparison, detail: Detail) -> None:
    """Three scores beside guessing, and all the others on demand."""
    first = ["r2", "rmse", "mae"] if result.task == "regression" else ["accuracy", "balanced_accuracy", "f1"]
    shown = list(dict.fromkeys([result.metric, *first]))[:3]
    for column, name in zip(st.columns(3), shown, strict=True):
        with column.container(border=True, gap="xsmall", height="stretch"):
            _figure(detail, name)
    with st.expander(_("All scores"), icon=":material/table:"):
        for name in [one for one in METRICS if one in detail.scores]:
            line = f"{numbers.metric_label(name)}: {numbers.score_with_interval(detail.scores[name])}"
            st.markdown(plain(line), help=plain(numbers.metric_about(name)))


def _figure(detail: Detail, name: str) -> None:
    score, guess = detail.scores.get(name), detail.dummy_scores.get(name)
    st.metric(numbers.metric_label(name), numbers.score(score), help=plain(numbers.metric_about(name)))
    if score is not None:
        st.caption(plain(_("95 % interval {interval}").format(interval=numbers.between(score))))
    if guess is not None:
        st.caption(plain(_("guessing: {score}").format(score=numbers.score_with_interval(guess))))


def curves(detail: Detail) -> None:
    """ROC and precision-recall."""
    left, right = st.columns(2)
    with left:
        st.markdown(_("**ROC curve**"))
        x, y = _("False positive rate"), _("True positive rate")
        display.show(scores.curves(detail.roc, x, y, chance=_("chance")), "roc")
    with right:
        st.markdown(_("**Precision and recall**"))
        display.show(scores.curves(detail.precision_recall, _("Recall"), _("Precision")), "precision-recall")


def threshold(detail: Detail) -> None:
    """What changes when the model says yes earlier or later."""
    st.caption(
        plain(_("“{label}” is predicted when its probability is at least the threshold.").format(label=detail.positive))
    )
    chosen = st.slider(_("Threshold"), 0.01, 0.99, 0.5, 0.01, key="threshold")
    point = min(detail.thresholds, key=lambda one: abs(one.threshold - chosen))
    columns = st.columns(5)
    shares = (
        (_("Precision"), point.precision),
        (_("Recall"), point.recall),
        ("F1", point.f1),
        (_("Accuracy"), point.accuracy),
    )
    for column, (label, value) in zip(columns, shares, strict=False):
        column.metric(label, f"{value:.2f}")
    columns[4].metric(_("Rows called so"), numbers.count(point.n_yes))
    frame = pd.DataFrame([one.model_dump() for one in detail.thresholds])
    display.show(over_threshold.scores(detail.thresholds, chosen), "thresholds", frame)


def calibration(detail: Detail) -> None:
    """Whether a probability of 0.8 comes true 80 times in 100."""
    st.caption(_("A model is calibrated when of all rows it gives 80 %, 80 in 100 come true: on the dashed line."))
    x, y = _("Predicted probability"), _("Share that came true")
    display.show(scores.curves(detail.calibration, x, y, chance=_("calibrated")), "calibration")


def learning(result: Comparison, detail: Detail) -> None:
    """Whether more rows would help."""
    if not detail.learning:
        st.caption(_("No learning curve was drawn. Switch it on under “I choose” on the Compare page."))
        return
    frame = pd.DataFrame([{"rows": p.n_rows, "train": p.train, **p.validation.model_dump()} for p in detail.learning])
    display.show(scores.learning(detail.learning, numbers.metric_label(result.metric)), "learning", frame)


def settings(result: Comparison, detail: Detail) -> None:
    """What it was built with, what it cost, what a search tried."""
    cost = [
        (_("Training"), numbers.seconds(detail.fit_seconds)),
        (_("of that, reading texts"), numbers.seconds(detail.encode_seconds)),
        (_("One row"), _("{n} ms").format(n=numbers.figure(detail.ms_per_row, 2))),
        (_("Size with its encoder"), numbers.megabytes(detail.size_mb)),
        (_("Most memory used"), numbers.megabytes(detail.peak_memory_mb)),
        (_("Seed"), str(result.seed)),
    ]
    words = _settings_in_words(result, detail)
    made = [(words.get(name, name), _value(value)) for name, value in detail.settings.items()]
    made += [*detail.pca.items(), *result.versions.items()]
    frame = pd.DataFrame(cost + made, columns=[_("What"), _("Value")])
    display.table(frame, "settings", name="settings")
    if detail.trials:
        st.markdown(_("**What the search tried**"))
        trials = pd.DataFrame([trial.get("settings", {}) | _without_settings(trial) for trial in detail.trials])
        words |= {"fold": _("Fold"), "name": _("Candidate"), "score": _("Score"), "seconds": _("Seconds")}
        shown = {name: st.column_config.Column(words[name]) for name in trials.columns if name in words}
        display.table(trials, "trials", name="trials", formats=shown)


def _settings_in_words(result: Comparison, detail: Detail) -> dict[str, str]:
    """What the settings are called on the Compare page."""
    line = result.candidate(detail.name)
    model = next((one for one in MODELS if line is not None and one.name == line.model), None)
    words = {one.name: t(one.label) for one in model.parameters} if model else {}
    return words | {
        "balanced": _("Weight classes by their rarity"),
        "found by search": _("Found by search, fold by fold"),
    }


def _value(value: object) -> str:
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)


def _without_settings(trial: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trial.items() if name != "settings"}


def doubts(detail: Detail) -> None:
    """Warnings about this result."""
    if detail.rule is not None:
        st.info(plain(t(detail.rule)), icon=":material/rule:")
    for message in detail.warnings:
        st.warning(plain(t(message)), icon=":material/warning:")
