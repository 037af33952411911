"""From predictions to what is shown: details, differences to the parent, learning curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.compare.files.folds import FoldResult
from core.compare.prepare import Prepared
from core.data.splits.inner import fit_with
from core.evaluate.detail import detail
from core.evaluate.intervals.influence import Measured, measured
from core.evaluate.intervals.paired_tests import difference, joint_differences
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.metrics import point
from core.evaluate.scores import score
from core.evaluate.subgroups import sampling_of
from core.evaluate.verdict.ladder import rungs_of
from core.evaluate.verdict.rival import finished, rival
from core.fuse.ensemble import aligned
from core.results.comparison import (
    CandidateResult,
    Comparison,
    Detail,
    Difference,
    Interval,
    LearningPoint,
    Rung,
    uses_llm,
)

SHARES = (0.1, 0.25, 0.5, 1.0)


def describe(name: str, predictions: pd.DataFrame, result: Comparison) -> Detail:
    """Everything the Results page draws, from all held-out predictions."""
    dummy = next((line for line in result.candidates if line.mode == "dummy" and line.status == "ok"), None)
    return detail(
        name,
        result.task,
        result.classes,
        predictions["truth"].to_numpy(dtype=object if result.classes else float),
        predictions["prediction"].to_numpy(dtype=object if result.classes else float),
        probabilities_of(predictions, result.classes),
        dummy_scores=dummy.scores if dummy else {},
        sampling=sampling_of(predictions, result.inflation),
        positive=result.positive,
    )


def probabilities_of(predictions: pd.DataFrame, classes: list[str]) -> np.ndarray | None:
    """The probability columns as an array (n, k); None for numbers."""
    return predictions[[f"probability_{label}" for label in classes]].to_numpy(dtype=float) if classes else None


class Scored:
    """The ranking metric of every finished candidate with the influence of each held-out row on it.

    Parameters
    ----------
    folds : dict
        Candidate → its folds, all on the same rows in the same order.
    """

    def __init__(self, result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]]) -> None:
        self.result, self.prepared, self.folds = result, prepared, folds
        some = next((folds[line.name] for line in finished(result)), [])
        self.places = np.concatenate([fold.test for fold in some]) if some else np.zeros(0, dtype=int)
        self.sampling = Sampling(self.places, prepared.units[self.places], result.inflation)
        self._measured: dict[str, Measured] = {}

    def measured(self, line: CandidateResult) -> Measured:
        """The candidate's score and influence values, worked out once."""
        if line.name not in self._measured:
            mine, result = self.folds[line.name], self.result
            self._measured[line.name] = measured(
                result.task,
                self.prepared.y[self.places],
                np.concatenate([fold.prediction for fold in mine]),
                _together(mine),
                result.classes,
                result.positive,
            )[result.metric]
        return self._measured[line.name]


def differences(result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]]) -> None:
    """Compare each finished candidate with a language model with its rival, and the others with guessing.

    Those with a language model and the same rival hold jointly, and all of them over guessing: the best of several is
    ahead by luck too.
    """
    lines, scored = finished(result), Scored(result, prepared, folds)
    dummy = next((line for line in lines if line.mode == "dummy"), None)
    guessing = {} if dummy is None else joint_between([line for line in lines if line is not dummy], dummy, scored)
    rivals = {line.name: rival(result, line) for line in lines}
    for line in lines:
        line.over_guessing, other = guessing.get(line.name), rivals[line.name]
        if uses_llm(line) and other is not None:
            among = [one for one in lines if uses_llm(one) and rivals[one.name] is other]
            line.difference = joint_between(among, other, scored)[line.name]
            continue
        other = (other or dummy) if line.mode == "auto" else dummy
        if other is not None and other.name != line.name:
            line.difference = difference_between(line, other, scored)


def ladder(result: Comparison, prepared: Prepared, folds: dict[str, list[FoldResult]]) -> list[Rung]:
    """Where a gain comes from: the best candidate of each step, compared with that of the step below."""
    rungs: list[Rung] = []
    below: CandidateResult | None = None
    scored = Scored(result, prepared, folds)
    for step, line in rungs_of(result):
        rungs.append(
            Rung(
                step=step,
                name=line.name,
                score=Interval(**dict(line.scores[result.metric])),
                gain=None if below is None else difference_between(line, below, scored),
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


def difference_between(line: CandidateResult, other: CandidateResult, scored: Scored) -> Difference:
    """How much better one finished candidate is than another, by the ranking metric, with the interval of this pair."""
    metric = scored.result.metric
    return difference(metric, scored.measured(line), scored.measured(other), scored.sampling, to=other.name)


def joint_between(lines: Sequence[CandidateResult], other: CandidateResult, scored: Scored) -> dict[str, Difference]:
    """How much better each of several candidates is than another, jointly.  →  name → difference"""
    metric, mine = scored.result.metric, {line.name: scored.measured(line) for line in lines}
    return joint_differences(metric, mine, scored.measured(other), scored.sampling, to=other.name)


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
        prediction, probabilities = fitted.predict_both(prepared.X.iloc[test])
        scores = score(
            prepared.task,
            prepared.y[test],
            prediction,
            aligned(probabilities, fitted, prepared.classes),
            prepared.classes,
            sampling=Sampling(test, prepared.units[test]),
            positive=prepared.positive,
        )
        seen = _point(fitted, prepared, part, metric)
        if metric in scores and np.isfinite(seen):
            points.append(LearningPoint(n_rows=len(part), train=seen, validation=Interval(**dict(scores[metric]))))
    return points


def _point(fitted: Any, prepared: Prepared, rows: np.ndarray, metric: str) -> float:
    prediction, probabilities = fitted.predict_both(prepared.X.iloc[rows])
    full = aligned(probabilities, fitted, prepared.classes)
    return point(
        metric, prepared.task, prepared.y[rows], prediction, full, prepared.classes, positive=prepared.positive
    )
