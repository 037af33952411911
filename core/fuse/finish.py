"""From predictions to what is shown: details, differences to the parent, learning curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.data.inner import fit_with
from core.evaluate.compare import paired, paired_rows
from core.evaluate.detail import detail
from core.evaluate.ladder import rungs_of
from core.evaluate.points import point
from core.evaluate.result import Candidate as Line
from core.evaluate.result import Comparison, Detail, Difference, Interval, LearningPoint, Rung, uses_llm
from core.evaluate.rival import finished, rival
from core.evaluate.scores import score
from core.fuse.ensemble import aligned
from core.fuse.fold_files import FoldResult
from core.fuse.prepare import Prepared

SHARES = (0.1, 0.25, 0.5, 1.0)


def describe(name: str, predictions: pd.DataFrame, result: Comparison, seed: int) -> Detail:
    """Everything the Results page draws, from all held-out predictions."""
    dummy = next((line for line in result.candidates if line.mode == "dummy" and line.status == "ok"), None)
    made = detail(
        name,
        result.task,
        result.classes,
        predictions["truth"].to_numpy(dtype=object if result.classes else float),
        predictions["prediction"].to_numpy(dtype=object if result.classes else float),
        probabilities_of(predictions, result.classes),
        dummy_scores=dummy.scores if dummy else {},
        rows=predictions["row"].to_numpy(),
        seed=seed,
        positive=result.positive,
    )
    return made


def probabilities_of(predictions: pd.DataFrame, classes: list[str]) -> np.ndarray | None:
    """The probability columns as an array (n, k); None for numbers."""
    return predictions[[f"probability_{label}" for label in classes]].to_numpy(dtype=float) if classes else None


def differences(result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]], seed: int) -> None:
    """Compare each finished candidate with a language model with its rival, and the others with guessing."""
    for line in finished(result):
        other = _compared_with(result, line)
        if other is not None and other.name != line.name:
            line.difference = _difference(line, other, result, prepared, folds, seed)


def ladder(result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]], seed: int) -> list[Rung]:
    """Where a gain comes from: the best candidate of each step, compared with that of the step below."""
    rungs: list[Rung] = []
    below: Line | None = None
    for step, line in rungs_of(result):
        gain = None if below is None else _difference(line, below, result, prepared, folds, seed)
        rungs.append(
            Rung(
                step=step,
                name=line.name,
                score=Interval(**dict(line.scores[result.metric])),
                gain=gain,
                seconds=line.fit_seconds,
                megabytes=line.size_mb,
            )
        )
        below = line
    return rungs


def priced(result: Comparison) -> None:
    """Bring the prices on the ladder up to date: a size is known once a candidate is kept."""
    for rung in result.ladder:
        if (line := result.candidate(rung.name)) is not None:
            rung.seconds, rung.megabytes = line.fit_seconds, line.size_mb


def _compared_with(result: Comparison, line: Line) -> Line | None:
    dummy = next((one for one in finished(result) if one.mode == "dummy"), None)
    return (rival(result, line) or dummy) if uses_llm(line) or line.mode == "auto" else dummy


def _difference(
    line: Line, other: Line, result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]], seed: int
) -> Difference:
    by_rows = _by_rows(folds[line.name], folds[other.name], result, prepared, to=other.name, seed=seed)
    known = np.isfinite(line.fold_scores) & np.isfinite(other.fold_scores)
    if known.sum() < 2:
        return by_rows
    train, test = prepared.folds[0]
    by_folds = paired(result.metric, line.fold_scores, other.fold_scores, len(train), len(test), to=other.name)
    return by_folds.model_copy(update={"row_low": by_rows.row_low, "row_high": by_rows.row_high})


def _by_rows(
    mine: list[FoldResult], others: list[FoldResult], result: Comparison, prepared: Prepared, *, to: str, seed: int
) -> Difference:
    places = np.concatenate([fold.test for fold in mine])
    return paired_rows(
        result.task,
        result.metric,
        prepared.y[places],
        np.concatenate([fold.prediction for fold in mine]),
        _together(mine),
        np.concatenate([fold.prediction for fold in others]),
        _together(others),
        result.classes,
        to=to,
        rows=places,
        seed=seed,
        positive=result.positive,
    )


def _together(folds: list[FoldResult]) -> np.ndarray | None:
    """The probabilities of all folds' rows; None for numbers."""
    known = [fold.probabilities for fold in folds if fold.probabilities is not None]
    return np.concatenate(known) if known else None


def learning_curve(
    candidate: Any, prepared: Prepared, metric: str, *, seed: int, check: Callable[[], None], unlabelled: bool = False
) -> list[LearningPoint]:
    """The ranking metric after training on growing parts of the first fold's training rows, where it is defined."""
    train, test = prepared.folds[0]
    order = np.random.default_rng(seed).permutation(train)
    points = []
    for share in SHARES:
        check()
        part = np.sort(order[: max(10, int(share * len(order)))])
        if prepared.classes and set(prepared.y[part]) != set(prepared.classes):
            continue  # too few rows to know every class
        fitted = fit_with(clone(candidate), *prepared.given(part, unlabelled))
        prediction, probabilities = fitted.both(prepared.X.iloc[test])
        scores = score(
            prepared.task,
            prepared.y[test],
            prediction,
            aligned(probabilities, fitted, prepared.classes),
            prepared.classes,
            seed=seed,
            positive=prepared.positive,
        )
        seen = _point(fitted, prepared, part, metric)
        if metric in scores and np.isfinite(seen):
            points.append(LearningPoint(n_rows=len(part), train=seen, validation=Interval(**dict(scores[metric]))))
    return points


def _point(fitted: Any, prepared: Prepared, rows: np.ndarray, metric: str) -> float:
    prediction, probabilities = fitted.both(prepared.X.iloc[rows])
    full = aligned(probabilities, fitted, prepared.classes)
    return point(
        metric, prepared.task, prepared.y[rows], prediction, full, prepared.classes, positive=prepared.positive
    )
