"""From predictions to everything the Results page draws for one candidate."""

from __future__ import annotations

import numpy as np

from core.catalog import Task
from core.evaluate import curves
from core.evaluate.intervals.uncertainty import Sampling, share_interval_of
from core.evaluate.ranking import positive_class
from core.evaluate.scores import score
from core.results.comparison import ClassScore, Detail, Interval

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
    sampling: Sampling | None = None,
    positive: str = "",
) -> Detail:
    """Score predictions and lay out the curves; timings and settings are filled in by the caller.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`, None for numbers; sampling: how the
    rows came about, each drawn alone if left out; positive: the class that two-class scores and curves speak of.
    Default: chosen by these rows.
    """
    if task == "binary":
        positive = positive or positive_class(truth, classes)
    sampling = sampling or Sampling.alone(len(truth))
    found = Detail(
        name=name,
        scores=score(task, truth, prediction, probabilities, classes, sampling=sampling, positive=positive),
        dummy_scores=dummy_scores,
    )
    if task == "regression":
        return found
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    found.confusion = [[int(np.sum((truth == label) & (prediction == said))) for said in classes] for label in classes]
    found.classes = class_scores(truth, prediction, classes, sampling)
    if probabilities is None or name == "dummy":
        return found
    found.positive = positive
    frequent = sorted(classes, key=lambda label: -int(np.sum(truth == label)))[:MOST_CURVES]
    shown = [found.positive] if task == "binary" else frequent
    found.roc = curves.roc(truth, probabilities, classes, shown)
    found.precision_recall = curves.precision_recall(truth, probabilities, classes, shown)
    found.calibration = curves.calibration(truth, probabilities, classes, shown)
    if task == "binary":
        found.thresholds = curves.thresholds(truth, probabilities[:, classes.index(found.positive)], found.positive)
    return found


def class_scores(truth: np.ndarray, prediction: np.ndarray, classes: list[str], sampling: Sampling) -> list[ClassScore]:
    """Precision, recall and F1 of each class with 95 % intervals.

    Precision and recall are shares, of the rows that were called the class and of those that are it. F1 depends on a
    third alone, J, of the rows that are the class or were called it: F1 = 2 J / (1 + J).

    truth, prediction: labels, shape (n,); a row that was held out several times counts once.
    """
    return [
        ClassScore(
            label=label,
            n_rows=len(np.unique(sampling.rows[truth == label])),
            precision=share_interval_of(truth == label, prediction == label, sampling),
            recall=share_interval_of(prediction == label, truth == label, sampling),
            f1=_f1(
                share_interval_of(
                    (truth == label) & (prediction == label), (truth == label) | (prediction == label), sampling
                )
            ),
        )
        for label in classes
    ]


def _f1(jaccard: Interval) -> Interval:
    """From the share of right ones among the rows of a class or called it."""
    return Interval(**{name: 2 * value / (1 + value) for name, value in jaccard.model_dump().items()})
