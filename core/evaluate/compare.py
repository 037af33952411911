"""Is one candidate better than another? Paired on the same folds or the same rows."""

from __future__ import annotations

import numpy as np
from scipy import stats

from core.catalog import METRICS, Task
from core.evaluate.result import Difference, Interval
from core.evaluate.scores import affordable, class_statistics, draws, regression_statistics

ROUNDING = 1e-12  # a spread of this size comes from the last digits of equal gains


def paired(
    metric: str, fold_scores: list[float], other_fold_scores: list[float], n_train: int, n_test: int, *, to: str
) -> Difference:
    """Compare two candidates over the same folds by the corrected resampled t-test.

    Folds share training rows, so their differences are not independent; the variance is multiplied by
    1/k + n_test/n_train instead of 1/k. Positive means better, also where lower scores are better. Where all folds gain
    the same there is no spread to test by: the interval has no width, and p is that of the signs alone.

    Parameters
    ----------
    fold_scores, other_fold_scores : list of float
        On the same folds; a fold where either is not defined is left out, at least two must remain.

    References
    ----------
    Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52, 2003.
    """
    sign = 1 if METRICS[metric].higher_is_better else -1
    gains = sign * (np.asarray(fold_scores, dtype=float) - np.asarray(other_fold_scores, dtype=float))
    gains = gains[np.isfinite(gains)]
    k = len(gains)
    if k < 2:
        raise ValueError("a spread needs the scores of two folds")
    mean = float(gains.mean())
    error = float(np.sqrt(gains.var(ddof=1) * (1 / k + n_test / n_train)))
    if error < ROUNDING:
        return Difference(mean=mean, low=mean, high=mean, to=to, p=1.0 if mean == 0 else 2.0 ** (1 - k))
    reach = float(stats.t.ppf(0.975, k - 1)) * error
    p = float(2 * stats.t.sf(abs(mean) / error, k - 1))
    return Difference(mean=mean, low=mean - reach, high=mean + reach, to=to, p=p)


def among_several(gain: Interval, n_folds: int, n_candidates: int) -> Interval:
    """The interval of the best of several candidates, of its gain or its score: wider, by Bonferroni's rule.

    Each of the m candidates gets an interval at 1 - 0.05/m; all m hold together with at least 95 %, so that of the
    chosen one does too, however it was chosen. This is Holm's first step, the only one that gives intervals.

    Parameters
    ----------
    gain : Interval
        At 95 %: of `paired` over `n_folds` folds; with fewer than two, of draws of rows, whose reach is taken to
        grow with the level as that of a normal distribution.

    References
    ----------
    Dunn, "Multiple comparisons among means", JASA 56, 1961; Holm, "A simple sequentially rejective multiple test
    procedure", Scandinavian Journal of Statistics 6, 1979.
    """
    spread = stats.t(n_folds - 1) if n_folds >= 2 else stats.norm
    factor = float(spread.isf(0.025 / n_candidates) / spread.isf(0.025))
    low, high = gain.mean - factor * (gain.mean - gain.low), gain.mean + factor * (gain.high - gain.mean)
    return Interval(mean=gain.mean, low=low, high=high)


def paired_rows(
    task: Task,
    metric: str,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    other_prediction: np.ndarray,
    other_probabilities: np.ndarray | None,
    classes: list[str],
    *,
    to: str,
    rows: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = 500,
    positive: str = "",
) -> Difference:
    """Compare two candidates on the same held-out rows by a paired bootstrap: both are scored on each draw.

    rows: which row of the table each is, where some were held out several times. Positive means better, also where
    lower scores are better. p counts the point itself as a draw, so it is never 0.

    References
    ----------
    Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2 (p of drawn values).
    """
    if task == "regression":
        mine = regression_statistics(truth, prediction)[metric]
        other = regression_statistics(truth, other_prediction)[metric]
    else:
        mine = class_statistics(task, truth, prediction, probabilities, classes, positive)[metric]
        other = class_statistics(task, truth, other_prediction, other_probabilities, classes, positive)[metric]
    sign = 1 if METRICS[metric].higher_is_better else -1
    ones = np.ones((1, len(truth)))
    mean = float(sign * (mine(ones) - other(ones))[0])
    n_draws = affordable(resamples, len(truth), len(classes))
    gains = np.concatenate([sign * (mine(w) - other(w)) for w in draws(len(truth), seed, n_draws, rows)])
    gains = gains[np.isfinite(gains)]
    low, high = np.percentile(gains, [2.5, 97.5]) if len(gains) else (mean, mean)
    tail = (1 + min((gains <= 0).sum(), (gains >= 0).sum())) / (1 + len(gains))
    low, high, p = float(low), float(high), float(min(1.0, 2 * tail))
    return Difference(mean=mean, low=low, high=high, to=to, p=p, row_low=low, row_high=high)
