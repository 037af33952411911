"""Which metric ranks the candidates, and which class a two-class score speaks of."""

from __future__ import annotations

import numpy as np

from core.catalog import Task
from core.messages import Message, _, say

RARE = 0.10  # below this share of the rarest class, accuracy flatters whoever ignores it
FAR_RARER = 2 * RARE  # twice, so that no single fold of a rare class falls on the other side
YES = ("1", "true", "yes", "y", "positive", "pos", "spam", "是")


def metric_for(task: Task, truth: np.ndarray) -> tuple[str, Message | None]:
    """The ranking metric of a task on this target, and why if it is not the usual one.

    truth: labels or numbers, shape (n,).
    """
    if task == "regression":
        return "r2", None
    labels, counts = np.unique(np.asarray(truth, dtype=str), return_counts=True)
    share = counts.min() / counts.sum()
    if share >= RARE:
        return "accuracy", None
    rarest = str(labels[counts.argmin()])
    if task == "binary":
        reason = say(
            _(
                "Only {share:.1%} of the rows are “{label}”. Always saying the other class would look accurate, so "
                "candidates are ranked by average precision: how well the rare class comes out on top."
            ),
            share=float(share),
            label=rarest,
        )
        return "average_precision", reason
    reason = say(
        _(
            "Only {share:.1%} of the rows are “{label}”. Candidates are ranked by balanced accuracy, where every class "
            "counts the same."
        ),
        share=float(share),
        label=rarest,
    )
    return "balanced_accuracy", reason


def positive_class(truth: np.ndarray, classes: list[str]) -> str:
    """The class that curves, thresholds and two-class scores speak of.

    It is the one that says yes; the rarer one where none says so, or where nearly every row says yes: average
    precision of a class that nearly all rows have is high for random scores too.
    """
    truth = np.asarray(truth, dtype=str)
    rarer = min(classes, key=lambda label: (int(np.sum(truth == label)), label))
    said = [label for label in classes if label.strip().lower() in YES]
    if len(said) == 1 and np.sum(truth == rarer) >= FAR_RARER * len(truth):
        return said[0]
    return rarer
