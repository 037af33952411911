"""Training as it happened: the live curves under the leaderboard, and the Training view of the Results page."""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from core.results.comparison import CandidateResult, Comparison, candidate_folder
from core.results.training_curves import CURVES_FILE, TrainingCurves
from pages.results.charts import training
from pages.shared import names, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _
from pages.shared.markup import plain

FRESH_SECONDS = 20.0  # a candidate is still being fitted on all rows if its curve is younger


def live(run: Path, result: Comparison) -> None:
    """The losses of the candidate in training, if it trains step by step; the numbers as a file."""
    line = _in_training(run, result)
    curves = None if line is None else stored(_folder(run, line))
    if line is None or curves is None:
        return
    curve = curves.folds[-1]
    last = curve.points[-1]
    told = _("{name}, {fold}: step {step} of {steps}").format(
        name=names.line_label(line, result.task),
        fold=training.fold_label(curve.fold),
        step=last.step,
        steps=last.steps,
    )
    st.caption(plain(told), help=plain(about()))
    display.show(
        training.live(curve),
        "live-curves",
        training.table([curve]),
        name="training",
        alt=_("Loss step by step, on rows trained on and on rows held back"),
    )


def draw(candidate_folder: Path) -> None:
    """All folds of a finished candidate."""
    if (curves := stored(candidate_folder)) is None:
        return
    judged = any(point.validation is not None for curve in curves.folds for point in curve.points)
    both = _("Faint: the loss on rows trained on. With dots: on rows held back.")
    st.caption(
        both if judged else _("The loss on rows trained on; this training holds none back."), help=plain(about())
    )
    display.show(
        chart_theme.kept("training", curves, lambda: training.folds(curves)),
        "training",
        training.table(curves.folds),
        alt=_("Loss step by step, on rows trained on and on rows held back"),
    )


def stored(candidate_folder: Path) -> TrainingCurves | None:
    """A candidate's curves as they stand; None if there are none."""
    curves = state.stored(TrainingCurves, candidate_folder / CURVES_FILE)
    if curves is None:
        return None
    drawn = [curve for curve in curves.folds if curve.points]
    return TrainingCurves(folds=drawn) if drawn else None


def about() -> str:
    """What a loss is, and how to read its curves."""
    return _(
        "The loss says how wrong the model is on average; lower is better. One step corrects it by one small batch of "
        "rows. Rows held back are not trained on: where their loss rises while the other falls on, the model begins "
        "to learn by heart, and the weights from before that are kept."
    )


def _in_training(run: Path, result: Comparison) -> CandidateResult | None:
    """The candidate whose folds are being trained; when all are, the one that is being fitted on all rows."""
    for line in result.candidates:
        if line.status == "running":
            return line
    done = [line for line in result.candidates if line.status == "ok"]
    ages = {line.name: _age(_folder(run, line) / CURVES_FILE) for line in done}
    newest = min(ages, key=ages.__getitem__, default="")
    return result.candidate(newest) if newest and ages[newest] < FRESH_SECONDS else None


def _age(file: Path) -> float:
    """Seconds since a file was written; endless where there is none, or no longer."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _folder(run: Path, line: CandidateResult) -> Path:
    return candidate_folder(run, line.name)
