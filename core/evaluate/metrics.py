"""Scores without intervals: one number per metric, by scikit-learn; for folds, inner choices and learning curves."""

from __future__ import annotations

import numpy as np
from sklearn import metrics

from core.catalog import Task
from core.evaluate.intervals.influence import largest
from core.evaluate.ranking import positive_class


def point(
    metric: str,
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    classes: list[str],
    *,
    positive: str = "",
) -> float:
    """The ranking metric of some predictions; NaN where it is not defined on these rows.

    Not defined: average precision without a row of the positive class, R² of numbers that are all the same.
    scikit-learn calls both 0, as if the model were at fault.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`; positive: the class that a two-class
    score speaks of, chosen by all rows of the comparison. Default: chosen by these rows.
    """
    if metric == "r2":
        known = len(truth) > 1 and np.ptp(np.asarray(truth, dtype=float)) > 0
        unit = largest(truth, prediction)  # squares of what is beyond 1e154 are endless
        return float(metrics.r2_score(truth / unit, prediction / unit)) if known else float("nan")
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    if metric == "accuracy":
        return float(np.mean(truth == prediction))
    if metric == "balanced_accuracy":
        return float(np.mean([np.mean(prediction[truth == label] == label) for label in np.unique(truth)]))
    if metric == "average_precision" and probabilities is not None:
        positive = positive or positive_class(truth, classes)
        wanted = truth == positive
        if not wanted.any():
            return float("nan")
        return float(metrics.average_precision_score(wanted, probabilities[:, classes.index(positive)]))
    raise ValueError(f"{metric} does not rank candidates")
