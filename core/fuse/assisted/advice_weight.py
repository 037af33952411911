"""The trust dial: one number from 0 to 1 says how far advice is followed; rows held back choose it, and prefer 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.messages import Message, _, say
from core.models.scaled import restored
from core.results.advice import Advice, Trust, TrustPoint

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST = 1e-6  # the smallest probability that counts: no single row may decide
WIDE = 1.96
NOT_USED = _("The LLM's advice was not used: it did not help.")


def losses(said: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """What each row costs, shape (n,): log loss of probabilities (n, k) given class numbers, or squared error."""
    if said.ndim == 1:
        return (said - truth) ** 2
    of_truth = said[np.arange(len(truth)), truth] / np.maximum(said.sum(axis=1), LEAST)
    return -np.log(np.maximum(of_truth, LEAST))


def chosen(tried: Mapping[float, np.ndarray]) -> Trust:
    """The least trust that is as good as the best.

    As good: its mean loss is no more than one standard error of the paired difference above the best one's. So advice
    that helps by chance alone is mostly left, and what it can cost is small.

    Parameters
    ----------
    tried : dict
        Trust → loss of each row held back, shape (n,), the same rows for every trust.

    References
    ----------
    Breiman et al., "Classification and Regression Trees", 1984, 3.4.3 (the rule of one standard error).
    """
    best = min(tried, key=lambda trust: (tried[trust].mean(), trust))
    value = next(trust for trust in sorted(tried) if _as_good(tried[trust] - tried[best]))
    curve = []
    for trust in sorted(tried):
        mean, reach = float(tried[trust].mean()), WIDE * error(tried[trust])
        curve.append(TrustPoint(trust=trust, loss=mean, low=mean - reach, high=mean + reach))
    return Trust(value=value, curve=curve, n_rows=len(tried[best]), note=_note(value))


def not_tried(why: Message) -> Trust:
    """No advice, and the reason."""
    return Trust(value=0.0, note=why)


def in_own_unit(found: Advice, factor: float) -> Advice:
    """Squared errors of a target that was divided by this, in the target's own unit; at most the largest number."""
    if factor == 1:
        return found

    def own(loss: float) -> float:
        return float(restored(restored(loss, factor), factor))

    curve = [
        point.model_copy(update={"loss": own(point.loss), "low": own(point.low), "high": own(point.high)})
        for point in found.trust.curve
    ]
    formulas = [
        one.model_copy(update={"gain": own(one.gain), "low": own(one.low), "high": own(one.high)})
        for one in found.formulas
    ]
    beside = found.distillation
    if beside is not None:
        names = ("teacher_loss", "student_loss", "alone_loss")
        beside = beside.model_copy(update={name: own(getattr(beside, name)) for name in names})
    trust = found.trust.model_copy(update={"curve": curve})
    return found.model_copy(update={"trust": trust, "distillation": beside, "formulas": formulas})


def _note(value: float) -> Message:
    return say(_("The LLM's advice is followed with trust {value:.2f}."), value=value) if value else say(NOT_USED)


def _as_good(behind: np.ndarray) -> bool:
    return bool(behind.mean() <= error(behind) or not behind.any())


def error(values: np.ndarray) -> float:
    """The standard error of the mean of these values, shape (n,); of one value, nothing is known.

    Examples
    --------
    >>> error(np.array([1.0, 3.0])), error(np.array([1.0]))
    (1.0, inf)
    """
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("inf")
