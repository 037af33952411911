"""From predictions to everything the Results page draws for one candidate."""

from __future__ import annotations

import numpy as np

from core.catalog import Task
from core.evaluate import curves
from core.evaluate.ranking import positive_class
from core.evaluate.result import ClassScore, Detail, Interval
from core.evaluate.scores import Statistic, intervals, score

MOST_CURVES = 12


def detail(
    name: str,
    task: Task,
    classes: list[str],
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    *,
    dummy_scores: dict[str, Interval],
    seed: int = 0,
) -> Detail:
    """Score predictions and lay out the curves; timings and settings are filled in by the caller.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`, None for numbers.
    """
    found = Detail(
        name=name,
        scores=score(task, truth, prediction, probabilities, classes, seed=seed),
        dummy_scores=dummy_scores,
    )
    if task == "regression":
        return found
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    found.classes = class_scores(truth, prediction, classes, seed)
    found.confusion = [[int(np.sum((truth == label) & (prediction == said))) for said in classes] for label in classes]
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


def class_scores(truth: np.ndarray, prediction: np.ndarray, classes: list[str], seed: int) -> list[ClassScore]:
    """Precision, recall and F1 of each class with intervals."""
    found = []
    for label in classes:
        scores = intervals(_of_class(truth == label, prediction == label), len(truth), seed, 200)
        nothing = Interval(mean=0.0, low=0.0, high=0.0)
        found.append(
            ClassScore(
                label=label,
                n_rows=int(np.sum(truth == label)),
                precision=scores.get("precision", nothing),
                recall=scores.get("recall", nothing),
                f1=scores.get("f1", nothing),
            )
        )
    return found


def _of_class(is_true: np.ndarray, is_said: np.ndarray) -> dict[str, Statistic]:
    true, said = is_true.astype(float), is_said.astype(float)
    both = true * said

    def share(weights: np.ndarray, of: np.ndarray) -> np.ndarray:
        whole = weights @ of
        return np.where(whole > 0, weights @ both / np.maximum(whole, 1e-15), np.nan)

    return {
        "precision": lambda weights: share(weights, said),
        "recall": lambda weights: share(weights, true),
        "f1": lambda weights: 2 * (weights @ both) / np.maximum(weights @ (true + said), 1e-15),
    }
