"""Empirical influence values: how much each held-out row moves each score.

A score is a function of row weights, all 1. Its influence values are its derivatives by them: to first order the score
under other weights w is the score plus the sum of (w - 1) times the values. They sum to zero, and the sum of their
squares is the score's variance (the infinitesimal jackknife). For a mean of row losses that is the variance of the
central limit theorem of cross-validation; for an area under a ROC curve it is DeLong's.

References
----------
Hampel, "The influence curve and its role in robust estimation", JASA 69, 1974; Efron, "The Jackknife, the Bootstrap
and Other Resampling Plans", 1982, chapter 6. Bayle, Bayle, Janson and Mackey, "Cross-validation confidence intervals
for test error", NeurIPS 2020. DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated
receiver operating characteristic curves", Biometrics 44, 1988.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.catalog import Task
from core.evaluate.ranking import positive_class

TINY = 1e-15  # probabilities below count as this in the log loss


class Measured(NamedTuple):
    """A score and the influence of each row on it, shape (n,).

    step: by how much one row's answer, right instead of wrong, moves a share of right answers (root of the mean
    square); 0 for scores that don't move by steps.
    """

    value: float
    influence: np.ndarray
    step: float = 0.0


def measured(
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    classes: list[str],
    positive: str = "",
) -> dict[str, Measured]:
    """Every metric of a task with its influence values; one that is not defined on these rows is left out.

    truth, prediction: shape (n,); probabilities: (n, k) in the order of `classes`, None for numbers; positive: the
    class that two-class scores speak of, chosen by all rows of the comparison. Default: chosen by these rows.
    """
    if not len(truth):
        return {}
    if task == "regression":
        found = _of_numbers(np.asarray(truth, dtype=float), np.asarray(prediction, dtype=float))
    else:
        labels = np.asarray(truth, dtype=str)
        found = _of_labels(labels, np.asarray(prediction, dtype=str), classes)
        if probabilities is not None:
            spoken_of = [positive or positive_class(labels, classes)] if task == "binary" else classes
            found |= _of_probabilities(task, labels, np.asarray(probabilities, dtype=float), classes, spoken_of)
    return {name: one for name, one in found.items() if np.isfinite(one.value)}


def _mean(values: np.ndarray) -> Measured:
    mean = float(values.mean())
    return Measured(mean, (values - mean) / len(values))


def share_of_right(right: np.ndarray) -> Measured:
    """The share of rows that are right.  right: 0 or 1, shape (n,)"""
    return _mean(right)._replace(step=1 / len(right))


def largest(*numbers: np.ndarray) -> float:
    """The power of two next to the largest of some numbers; in this unit their squares are neither endless nor 0."""
    most = max(float(np.abs(np.asarray(some, dtype=float)).max(initial=0.0)) for some in numbers)
    return float(2.0 ** np.floor(np.log2(most))) if most > 0 else 1.0


def _of_numbers(truth: np.ndarray, prediction: np.ndarray) -> dict[str, Measured]:
    unit = largest(truth, prediction)
    truth = truth / unit
    error = prediction / unit - truth
    squared, size = _mean(error**2), _mean(np.abs(error))
    root = squared.value**0.5
    moves = squared.influence / (2 * root) if root > 0 else np.zeros(len(truth))
    return {
        "r2": _explained(truth, error),
        "rmse": Measured(root * unit, moves * unit),
        "mae": Measured(size.value * unit, size.influence * unit),
    }


def _explained(truth: np.ndarray, error: np.ndarray) -> Measured:
    """R² = 1 - A / B, where A sums the squared errors and B the squared distances to the mean."""
    apart = (truth - truth.mean()) ** 2
    spread, missed = apart.sum(), (error**2).sum()
    if spread <= 0:
        return Measured(float("nan"), np.zeros(len(truth)))
    return Measured(float(1 - missed / spread), (missed * apart / spread - error**2) / spread)


def _of_labels(truth: np.ndarray, prediction: np.ndarray, classes: list[str]) -> dict[str, Measured]:
    """Accuracy and the macro means; classes that nobody has or says take no part, as in scikit-learn."""
    known = [label for label in classes if np.any(truth == label) or np.any(prediction == label)]
    is_true = np.column_stack([truth == label for label in known]).astype(float)
    is_said = np.column_stack([prediction == label for label in known]).astype(float)
    is_both = is_true * is_said
    recall, n_true = _ratios(is_both, is_true), is_true.sum(axis=0)
    present = n_true > 0
    balanced = _macro([one for one, there in zip(recall, present, strict=True) if there])
    step = float((1 / n_true[present]).sum() / len(truth)) ** 0.5 / present.sum()
    return {
        "accuracy": share_of_right((truth == prediction).astype(float)),
        "balanced_accuracy": balanced._replace(step=step),
        "precision": _macro(_ratios(is_both, is_said)),
        "recall": _macro(recall),
        "f1": _macro(_ratios(2 * is_both, is_true + is_said)),
    }


def _ratios(above: np.ndarray, below: np.ndarray) -> list[Measured]:
    """Σ above / Σ below of each column (n, k); 0 where nothing is below."""
    total = below.sum(axis=0)
    share = np.divide(above.sum(axis=0), total, out=np.zeros(len(total)), where=total > 0)
    moves = np.divide(above - share * below, total, out=np.zeros_like(above), where=total > 0)
    return [Measured(float(value), moves[:, place]) for place, value in enumerate(share)]


def _macro(parts: list[Measured]) -> Measured:
    """The mean over classes; NaN of none."""
    if not parts:
        return Measured(float("nan"), np.zeros(0))
    return Measured(float(np.mean([one.value for one in parts])), np.mean([one.influence for one in parts], axis=0))


def _of_probabilities(
    task: Task, truth: np.ndarray, probabilities: np.ndarray, classes: list[str], spoken_of: list[str]
) -> dict[str, Measured]:
    """spoken_of: the classes whose areas are averaged."""
    hit = np.column_stack([truth == label for label in classes])
    surprise = -np.log(np.clip((probabilities * hit).sum(axis=1), TINY, 1))
    distance = ((probabilities - hit) ** 2).sum(axis=1) * (0.5 if task == "binary" else 1.0)
    places = [place for place in map(classes.index, spoken_of) if 0 < hit[:, place].sum() < len(truth)]
    return {
        "roc_auc": _macro([roc_area(hit[:, place], probabilities[:, place]) for place in places]),
        "average_precision": _macro([average_precision(hit[:, place], probabilities[:, place]) for place in places]),
        "log_loss": _mean(surprise),
        "brier": _mean(distance),
    }


class _Steps:
    """Rows ranked by a score from the top; ties are one step.

    wanted : bool (n,); values : float (n,)
    """

    def __init__(self, wanted: np.ndarray, values: np.ndarray) -> None:
        _unique, self.step = np.unique(-values, return_inverse=True)  # (n,), 0 at the top
        self.wanted = np.bincount(self.step, weights=wanted.astype(float))
        self.all = np.bincount(self.step).astype(float)


def roc_area(wanted: np.ndarray, values: np.ndarray) -> Measured:
    """The chance that a wanted row ranks above another one, ties counting half; values by DeLong's placements.

    wanted: bool (n,), both kinds there; values: float (n,)
    """
    steps = _Steps(wanted, values)
    n_wanted, n_others = steps.wanted.sum(), (steps.all - steps.wanted).sum()
    above = (np.cumsum(steps.wanted) - steps.wanted / 2) / n_wanted  # wanted rows above each step
    others = steps.all - steps.wanted
    below = 1 - (np.cumsum(others) - others / 2) / n_others
    area = float((below * steps.wanted).sum() / n_wanted)
    moves = np.where(wanted, (below[steps.step] - area) / n_wanted, (above[steps.step] - area) / n_others)
    return Measured(area, moves)


def average_precision(wanted: np.ndarray, values: np.ndarray) -> Measured:
    """The precision at each step, weighted by the recall gained there.

    A row adds to what was seen at its own step and all below; a wanted one also to what was found there.

    wanted: bool (n,), at least one; values: float (n,)
    """
    steps = _Steps(wanted, values)
    found, seen = np.cumsum(steps.wanted), np.cumsum(steps.all)
    precision, n_wanted = found / seen, steps.wanted.sum()
    area = float((precision * steps.wanted).sum() / n_wanted)
    found_more = np.cumsum((steps.wanted / seen)[::-1])[::-1]  # of one more row found, at its step and below
    seen_more = np.cumsum((steps.wanted * found / seen**2)[::-1])[::-1]
    moves = wanted * (precision + found_more - area)[steps.step] - seen_more[steps.step]
    return Measured(area, moves / n_wanted)
