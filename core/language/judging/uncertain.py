"""How sure a measure is: the bootstrap where it is a mean over units, the jackknife where it is of all texts together.

A bootstrap draws some texts twice, and two equal texts are what distinctness and divergence are about; the jackknife
leaves one out at a time instead.

References
----------
Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 11 (jackknife) and 13 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import t as student

from core.evaluate.scores import Statistic, intervals
from core.results.comparison import Interval


def ratio(above: np.ndarray, below: np.ndarray, then: Callable[[np.ndarray], np.ndarray] | None = None) -> Statistic:
    """Σ above / Σ below over units, as a function of their weights; `then` is done to it."""

    def statistic(weights: np.ndarray) -> np.ndarray:
        total = weights @ below
        value = np.divide(weights @ above, total, out=np.full(len(weights), np.nan), where=total > 0)
        return value if then is None else then(value)

    return statistic


def means(name: str, above: np.ndarray, below: np.ndarray, seed: int, resamples: int) -> dict[str, Interval]:
    """Σ above / Σ below with its bootstrap interval over units; nothing if no unit counts."""
    counted = below > 0
    if not counted.any():
        return {}
    above, below = above[counted].astype(float), below[counted].astype(float)
    return intervals({name: ratio(above, below)}, len(above), seed, resamples)


def jackknife(value: float, *left_out: np.ndarray, low: float = -np.inf, high: float = np.inf) -> Interval:
    """A value with its 95 % interval.

    Parameters
    ----------
    left_out : float arrays
        The value with each unit left out in turn, one array per independent sample; a sample of one tells nothing.
    low, high : float
        The interval does not reach beyond.
    """
    samples = [values for values in left_out if len(values) > 1]
    variance = sum(
        (len(values) - 1) / len(values) * float(np.square(values - values.mean()).sum()) for values in samples
    )
    if not samples:
        return Interval(mean=value, low=value, high=value)
    reach = float(student.ppf(0.975, min(len(values) for values in samples) - 1)) * variance**0.5
    return Interval(mean=value, low=min(value, max(low, value - reach)), high=max(value, min(high, value + reach)))
