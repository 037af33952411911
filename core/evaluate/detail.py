"""From predictions to everything the Results page draws for one candidate."""

from __future__ import annotations

import numpy as np

from core.catalog import Task
from core.evaluate import curves
from core.evaluate.ranking import positive_class
from core.evaluate.result import ClassScore, Detail, Interval
from core.evaluate.scores import score
from core.evaluate.shares import share_interval

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
    rows: np.ndarray | None = None,
    seed: int = 0,
    positive: str = "",
) -> Detail:
    """Score predictions and lay out the curves; timings and settings are filled in by the caller.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`, None for numbers; rows: which row
    of the table each is, where some were held out several times; positive: the class that two-class scores and curves
    speak of. Default: chosen by these rows.
    """
    if task == "binary":
        positive = positive or positive_class(truth, classes)
    found = Detail(
        name=name,
        scores=score(task, truth, prediction, probabilities, classes, rows=rows, seed=seed, positive=positive),
        dummy_scores=dummy_scores,
        repeats=1.0 if rows is None else len(rows) / len(np.unique(rows)),
    )
    if task == "regression":
        return found
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    found.confusion = [[int(np.sum((truth == label) & (prediction == said))) for said in classes] for label in classes]
    found.classes = class_scores(np.asarray(found.confusion), classes, found.repeats)
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


def class_scores(confusion: np.ndarray, classes: list[str], repeats: float = 1.0) -> list[ClassScore]:
    """Precision, recall and F1 of each class with 95 % intervals.

    Precision and recall are shares, of the rows that were called the class and of those that are it. F1 depends on a
    third alone, J, of the rows that are the class or were called it: F1 = 2 J / (1 + J).

    confusion: shape (k, k), rows: truth; repeats: how often each row was held out. Rows are counted once.
    """
    counts = confusion / repeats
    both, said, true = np.diagonal(counts), counts.sum(axis=0), counts.sum(axis=1)
    return [
        ClassScore(
            label=label,
            n_rows=round(true[place]),
            precision=share_interval(both[place], said[place]),
            recall=share_interval(both[place], true[place]),
            f1=_f1(share_interval(both[place], said[place] + true[place] - both[place])),
        )
        for place, label in enumerate(classes)
    ]


def _f1(jaccard: Interval) -> Interval:
    """From the share of right ones among the rows of a class or called it."""
    return Interval(**{name: 2 * value / (1 + value) for name, value in jaccard.model_dump().items()})
