"""The views of the Results page, one at a time: errors, curves, threshold, calibration, learning curve, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog import MODELS
from core.results.comparison import Comparison, Detail
from pages.results.charts import scores
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import rows_behind


def errors(dataset: str, result: Comparison, detail: Detail, folder: Path) -> None:
    """The confusion matrix and the rows behind a cell; for numbers, predicted against true."""
    if not result.classes:
        held = rows_behind.predictions(folder)
        display.show(scores.predicted_and_true(held, result.target), "predicted", held, name="predictions")
        display.show(scores.residuals(held, result.target), "residuals")
        st.caption(_("The rows with the largest errors."))
        rows_behind.draw(rows_behind.find(dataset, folder, rows_behind.Choice(classes=False))[1])
        return
    st.caption(_("Rows are the truth, columns what was predicted. Click a square to see the rows behind it."))
    key = f"cell-{folder.parent.parent.name}-{folder.name}"
    st.plotly_chart(
        chart_theme.kept("confusion", detail, lambda: scores.confusion(detail.confusion, result.classes)),
        key=key,
        on_select=lambda: _clicked(key, result.classes),
        selection_mode="points",
        config=chart_theme.config("confusion"),
        alt=_("Confusion matrix: how many rows of each class were called what"),
    )
    left, right = st.columns(2)
    any_class = _("any class")
    truth = left.selectbox(_("Truth"), result.classes, index=None, placeholder=any_class, key=f"{key}-truth")
    said = right.selectbox(_("Predicted"), result.classes, index=None, placeholder=any_class, key=f"{key}-said")
    n_rows, frame = rows_behind.find(dataset, folder, rows_behind.Choice(True, truth, said))
    if truth is None and said is None:
        st.caption(_n("The only mistake.", "All {n} mistakes.", n_rows).format(n=numbers.count(n_rows)))
    else:
        st.caption(
            _n("{n} row behind this choice.", "{n} rows behind this choice.", n_rows).format(n=numbers.count(n_rows))
        )
    rows_behind.draw(frame)


def _clicked(key: str, classes: list[str]) -> None:
    """A click on a square chooses its truth and prediction; a click beside them lets go."""
    points = st.session_state[key].selection.point_indices
    truth, said = divmod(points[0], len(classes)) if points else (None, None)
    st.session_state[f"{key}-truth"] = None if truth is None else classes[truth]
    st.session_state[f"{key}-said"] = None if said is None else classes[said]


def per_class(detail: Detail) -> None:
    """Precision, recall and F1 of each class."""
    frame = pd.DataFrame(
        [
            {
                _("Class"): one.label,
                _("Rows"): one.n_rows,
                _("Precision"): numbers.score_with_interval(one.precision),
                _("Recall"): numbers.score_with_interval(one.recall),
                "F1": numbers.score_with_interval(one.f1),
            }
            for one in detail.classes
        ]
    )
    display.table(frame, "per-class", name="classes")


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
    display.show(scores.thresholds(detail.thresholds, chosen), "thresholds", frame)


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
