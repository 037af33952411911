"""Ways to make an interval of a score or of a gain, to be compared in `benchmarks.coverage`; the product has one.

Every gain is better minus worse, so that above zero is better for losses, too.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

Pair = tuple[float, float]


def corrected_t(fold_gains: np.ndarray, n_train: int, n_test: int, level: float = 0.95) -> Pair:
    """Nadeau and Bengio 2003: the corrected resampled t-test over folds, or over repeated folds."""
    gains = fold_gains[np.isfinite(fold_gains)]
    k, mean = len(gains), gains.mean()
    reach = stats.t.ppf(0.5 + level / 2, k - 1) * np.sqrt(gains.var(ddof=1) * (1 / k + n_test / n_train))
    return mean - reach, mean + reach


def summed(influence: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Influence values added up within units of drawing.  (n, m)  →  (units, m)"""
    made = np.zeros((units.max() + 1, influence.shape[1]))
    np.add.at(made, units, influence)
    return made


def errors(sums: np.ndarray) -> np.ndarray:
    """Standard errors.  (units, m)  →  (m,)"""
    n = len(sums)
    return np.sqrt(n / (n - 1) * (sums**2).sum(axis=0))


def normal(value: float, error: float, n_units: int, floor: float = 0.0) -> Pair:
    """The central limit theorem of the rows (Bayle et al. 2020), with Student's quantile."""
    reach = stats.t.ppf(0.975, n_units - 1) * (error**2 + floor**2) ** 0.5
    return value - reach, value + reach


def wilson(value: float, error: float, n_units: int, n_rows: int) -> Pair:
    """Wilson's interval of a share, of as many rows as would have that error."""
    n = value * (1 - value) / error**2 if error > 0 else n_units
    z = stats.t.ppf(0.975, n_units - 1)
    n = min(n, n_rows) if error == 0 else n
    centre = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(value * (1 - value) / n + z**2 / (4 * n**2))
    return centre - reach, centre + reach


def transformed(metric: str, value: float, error: float, n_units: int) -> Pair:
    """On a scale without bounds: the logit of a share, the logarithm of a loss or of 1 - R²."""
    z = stats.t.ppf(0.975, n_units - 1)
    if metric == "r2":
        reach = np.exp(z * error / (1 - value))
        return 1 - (1 - value) * reach, 1 - (1 - value) / reach
    if metric == "log_loss":
        reach = np.exp(z * error / value)
        return value / reach, value * reach
    if not 0 < value < 1:
        return value, value
    logit, reach = np.log(value / (1 - value)), z * error / (value * (1 - value))
    return 1 / (1 + np.exp(-(logit - reach))), 1 / (1 + np.exp(-(logit + reach)))


def weights(n_units: int, draws: int, random: np.random.Generator) -> np.ndarray:
    """How often each unit was drawn.  →  (draws, units)"""
    drawn = random.integers(0, n_units, (draws, n_units)) + n_units * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * n_units).reshape(draws, n_units).astype(float)


def percentile(drawn: np.ndarray) -> Pair:
    low, high = np.percentile(drawn[np.isfinite(drawn)], [2.5, 97.5])
    return low, high


def basic(value: float, drawn: np.ndarray) -> Pair:
    low, high = percentile(drawn)
    return 2 * value - high, 2 * value - low


def bca(value: float, drawn: np.ndarray, sums: np.ndarray) -> Pair:
    """Bias corrected and accelerated (Efron 1987); the acceleration by the influence values (units,)."""
    drawn = drawn[np.isfinite(drawn)]
    below = np.clip((np.mean(drawn < value) + np.mean(drawn <= value)) / 2, 0.001, 0.999)
    bias = stats.norm.ppf(below)
    scale = (sums**2).sum() ** 1.5
    speed = (sums**3).sum() / (6 * scale) if scale > 0 else 0.0
    z = bias + stats.norm.ppf([0.025, 0.975])
    low, high = np.percentile(drawn, 100 * stats.norm.cdf(bias + z / (1 - speed * z)))
    return low, high


def studentised(sums: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Bootstrap-t of the linear part: each draw's mean divided by its own error.  (units, m)  →  (draws, m)"""
    n = len(sums)
    moved = drawn @ sums
    spread = np.sqrt(np.maximum(n / (n - 1) * (drawn @ sums**2 - moved**2 / n), 0))
    return np.divide(moved, spread, out=np.zeros_like(moved), where=spread > 1e-12)


def largest(sums: np.ndarray, random: np.random.Generator, draws: int = 2000) -> float:
    """The 95 % quantile of the largest |t| of several, correlated as their influence values are."""
    n = len(sums)
    if sums.shape[1] == 1:
        return float(stats.t.ppf(0.975, n - 1))
    scale = np.sqrt((sums**2).sum(axis=0))
    unit = sums / np.where(scale > 0, scale, 1)
    values, vectors = np.linalg.eigh(unit.T @ unit)
    normal_draws = random.normal(size=(draws, len(values))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    chi = np.sqrt(random.chisquare(n - 1, draws) / (n - 1))
    return float(np.quantile(np.abs(normal_draws).max(axis=1) / chi, 0.95))


def nested(
    losses: Callable[[np.ndarray, np.ndarray], np.ndarray],
    n: int,
    repeats: int,
    random: np.random.Generator,
    k: int = 5,
) -> Pair:
    """Bates, Hastie and Tibshirani 2023, algorithm 1: nested cross-validation of a mean of row values.

    losses: (training places, test places) → values of the test rows.
    """
    inner, a, b, plain = [], [], [], []
    for _time in range(repeats):
        parts = np.array_split(random.permutation(n), k)
        held: dict[tuple[int, int], np.ndarray] = {}
        for one in range(k):
            for other in range(one):
                train = np.concatenate([parts[p] for p in range(k) if p not in (one, other)])
                both = losses(train, np.concatenate([parts[one], parts[other]]))
                held[one, other], held[other, one] = both[len(parts[one]) :], both[: len(parts[one])]
        for one in range(k):
            out = losses(np.concatenate([parts[p] for p in range(k) if p != one]), parts[one])
            within = np.concatenate([held[one, other] for other in range(k) if other != one])
            inner.append(within.mean())
            plain.append(out)
            a.append((within.mean() - out.mean()) ** 2)
            b.append(out.var(ddof=1) / len(out))
    everything = np.concatenate(plain)
    naive = everything.std() / np.sqrt(n)
    mse = max(0.0, (k - 1) / k * (np.mean(a) - np.mean(b)))
    error = np.clip(np.sqrt(mse), naive, naive * np.sqrt(k))
    mean = np.mean(inner)
    mean -= (1 + (k - 2) / k) * (mean - everything.mean())
    return mean - 1.96 * error, mean + 1.96 * error


class Ranking:
    """Rows ranked by a score, ready for average precision under row weights.

    wanted : bool array, shape (n,); values : float array, shape (n,)
    """

    def __init__(self, wanted: np.ndarray, values: np.ndarray) -> None:
        self.order = np.argsort(-values, kind="stable")
        ranked = values[self.order]
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])  # ties are one step
        self.wanted = wanted[self.order].astype(float)

    def areas(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """ROC AUC and average precision under row weights (b, n); two arrays (b,).

        ROC AUC: the chance that a wanted row ranks above another one, ties counting half. Average precision: the
        precision at each step, weighted by the recall gained there.
        """
        ranked = weights[:, self.order]
        wanted = ranked * self.wanted
        if len(self.starts) < len(self.order):
            ranked = np.add.reduceat(ranked, self.starts, axis=1)
            wanted = np.add.reduceat(wanted, self.starts, axis=1)
        found, seen = np.cumsum(wanted, axis=1), np.cumsum(ranked, axis=1)
        all_wanted = found[:, -1]
        above = np.einsum("bs,bs->b", ranked - wanted, found - wanted / 2)
        precision = found / np.maximum(seen, 1e-15)
        return (
            above / nonzero(all_wanted * (seen[:, -1] - all_wanted)),
            np.einsum("bs,bs->b", precision, wanted) / nonzero(all_wanted),
        )


def nonzero(values: np.ndarray) -> np.ndarray:
    """NaN where a denominator is zero."""
    return np.where(values > 0, values, np.nan)
