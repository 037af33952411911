"""From predictions to everything the Results page draws for one candidate."""

from __future__ import annotations

import numpy as np

from core.catalog import Task
from core.evaluate import curves
from core.evaluate.ranking import positive_class
from core.evaluate.result import ClassScore, Detail, Interval
from core.evaluate.scores import HIGH, LOW, score

MOST_CURVES = 12
DRAWS = 500


def detail(
    name: str,
    task: Task,
    classes: list[str],
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    *,
    dummy_scores: dict[str, Interval],
    rows: np.ndarray | None = None,
    seed: int = 0,
) -> Detail:
    """Score predictions and lay out the curves; timings and settings are filled in by the caller.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`, None for numbers; rows: which row
    of the table each is, where some were held out several times.
    """
    found = Detail(
        name=name,
        scores=score(task, truth, prediction, probabilities, classes, rows=rows, seed=seed),
        dummy_scores=dummy_scores,
    )
    if task == "regression":
        return found
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    found.confusion = [[int(np.sum((truth == label) & (prediction == said))) for said in classes] for label in classes]
    found.classes = class_scores(np.asarray(found.confusion), classes, seed)
    if probabilities is None or name == "dummy":
        return found
    found.positive = positive_class(truth, classes) if task == "binary" else ""
    frequent = sorted(classes, key=lambda label: -int(np.sum(truth == label)))[:MOST_CURVES]
    shown = [found.positive] if task == "binary" else frequent
    found.roc = curves.roc(truth, probabilities, classes, shown)
    found.precision_recall = curves.precision_recall(truth, probabilities, classes, shown)
    found.calibration = curves.calibration(truth, probabilities, classes, shown)
    if task == "binary":
        found.thresholds = curves.thresholds(truth, probabilities[:, classes.index(found.positive)], found.positive)
    return found


def class_scores(confusion: np.ndarray, classes: list[str], seed: int) -> list[ClassScore]:
    """Precision, recall and F1 of each class with 95 % bootstrap intervals.

    Drawing rows again is drawing the counts of the confusion matrix (k, k) again, which costs the same for any number
    of rows.
    """
    n_rows = int(confusion.sum())
    shares = confusion.ravel() / max(1, n_rows)
    drawn = np.random.default_rng(seed).multinomial(n_rows, shares, size=DRAWS).reshape(-1, *confusion.shape)
    points, draws = _of_classes(confusion[None]), _of_classes(drawn)
    return [
        ClassScore(
            label=label,
            n_rows=int(confusion[place].sum()),
            **{name: _interval(points[name][0, place], draws[name][:, place]) for name in points},
        )
        for place, label in enumerate(classes)
    ]


def _of_classes(confusion: np.ndarray) -> dict[str, np.ndarray]:
    """Scores of each class; NaN where not defined.  (b, k, k)  →  three arrays (b, k)"""
    both = np.diagonal(confusion, axis1=1, axis2=2).astype(float)
    said, true = confusion.sum(axis=1), confusion.sum(axis=2)

    def share(of: np.ndarray) -> np.ndarray:
        return np.where(of > 0, both / np.maximum(of, 1), np.nan)

    return {"precision": share(said), "recall": share(true), "f1": 2 * share(said + true)}


def _interval(point: float, draws: np.ndarray) -> Interval:
    known = draws[np.isfinite(draws)]
    mean = float(np.nan_to_num(point))
    low, high = np.percentile(known, [LOW, HIGH]) if len(known) else (mean, mean)
    return Interval(mean=mean, low=min(float(low), mean), high=max(float(high), mean))
