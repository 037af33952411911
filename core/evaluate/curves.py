"""The lines that are drawn: ROC, precision and recall, calibration, thresholds. Thinned to what a screen can show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

from core.results.comparison import Curve, Threshold

MOST_POINTS = 300
BINS = 10


def roc(truth: np.ndarray, probabilities: np.ndarray, classes: list[str], shown: list[str]) -> list[Curve]:
    """False positive rate against true positive rate, one curve per class shown."""
    curves = []
    for label, wanted, values in _each(truth, probabilities, classes, shown):
        x, y, _thresholds = roc_curve(wanted, values)
        keep = _thinned(len(x))
        curves.append(Curve(label=label, x=x[keep].tolist(), y=y[keep].tolist(), area=float(auc(x, y))))
    return curves


def precision_recall(truth: np.ndarray, probabilities: np.ndarray, classes: list[str], shown: list[str]) -> list[Curve]:
    """Recall against precision, one curve per class shown; the area is the average precision."""
    curves = []
    for label, wanted, values in _each(truth, probabilities, classes, shown):
        precision, recall, _thresholds = precision_recall_curve(wanted, values)
        keep = _thinned(len(recall))
        area = float(average_precision_score(wanted, values))
        curves.append(Curve(label=label, x=recall[keep].tolist(), y=precision[keep].tolist(), area=area))
    return curves


def calibration(truth: np.ndarray, probabilities: np.ndarray, classes: list[str], shown: list[str]) -> list[Curve]:
    """Mean predicted probability against the observed share, in ten bins with about equally many rows.

    Rows of one probability are in one bin, that of their middle rank, so their order in the table does not matter;
    where many are alike there are fewer bins.
    """
    curves = []
    for label, wanted, values in _each(truth, probabilities, classes, shown):
        levels, level = np.unique(values, return_inverse=True)
        counts = np.bincount(level)
        middle_rank = np.cumsum(counts) - counts / 2
        bins = (BINS * middle_rank // len(values)).astype(int)  # a middle rank is below the number of rows
        rows = np.bincount(bins, counts, BINS)
        filled = rows > 0
        told = np.bincount(bins, counts * levels, BINS)[filled] / rows[filled]
        came = np.bincount(bins, np.bincount(level, wanted), BINS)[filled] / rows[filled]
        curves.append(Curve(label=label, x=told.tolist(), y=came.tolist()))
    return curves


def thresholds(truth: np.ndarray, values: np.ndarray, positive: str) -> list[Threshold]:
    """What happens when the model says yes from each of 99 probabilities on."""
    wanted = np.asarray(truth, dtype=str) == positive
    found = []
    for threshold in np.round(np.arange(0.01, 1.0, 0.01), 2):
        said = values >= threshold
        hits = int((said & wanted).sum())
        precision = hits / said.sum() if said.any() else 0.0
        recall = hits / wanted.sum() if wanted.any() else 0.0
        found.append(
            Threshold(
                threshold=float(threshold),
                precision=float(precision),
                recall=float(recall),
                f1=float(2 * precision * recall / (precision + recall)) if hits else 0.0,
                accuracy=float((said == wanted).mean()),
                n_yes=int(said.sum()),
            )
        )
    return found


def _each(
    truth: np.ndarray, probabilities: np.ndarray, classes: list[str], shown: list[str]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    truth = np.asarray(truth, dtype=str)
    for label in shown:
        wanted = truth == label
        if 0 < wanted.sum() < len(wanted):
            yield label, wanted, probabilities[:, classes.index(label)]


def _thinned(n: int) -> np.ndarray:
    return np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).astype(int))
