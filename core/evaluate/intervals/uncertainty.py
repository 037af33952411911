"""How sure a score or a gain is: 95 % intervals from the influence of the rows that were held back.

One method for all of it, chosen by simulation (`benchmarks.coverage`): the central limit theorem of cross-validation.
A score's variance is the sum of the squared influences of its units of drawing: a unit is a row of the table, however
often it was held back, or all rows of a validation group, or all that nearly repeat one text. A score's interval is
made on a scale of its own that it can't leave, a gain's on the scale of the gain, with Student's quantile for the
number of units. Several gains over one rival hold together by the largest of their correlated t values.

References
----------
Bayle, Bayle, Janson and Mackey, "Cross-validation confidence intervals for test error", NeurIPS 2020. Liang and Zeger,
"Longitudinal data analysis using generalized linear models", Biometrika 73, 1986 (squares of sums within groups).
Hothorn, Bretz and Westfall, "Simultaneous inference in general parametric models", Biometrical Journal 50, 2008
(largest t). Dean and Pagano, "Evaluating confidence interval methods for binomial proportions in clustered surveys",
Journal of Survey Statistics and Methodology 3, 2015 (Wilson's interval of an effective number of rows).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.catalog import METRICS
from core.evaluate.intervals import student_t
from core.evaluate.intervals.influence import Measured
from core.evaluate.intervals.wilson import Z95, share_interval
from core.results.comparison import Interval

METHOD = "cv-clt-units-2"  # the code of this method in ``result.json``
DRAWS = 20_000  # of the largest t; its quantile is then right to about 1 %
SEED = 20_250_919
AREAS = ("roc_auc", "average_precision")
MOST = 700.0  # what the exponential function takes
EXACT = 1e-12  # a spread of this size comes from the last digits of equal numbers
LARGEST = float(np.finfo(np.float64).max)
OF_GAINS = 1.75  # what the variance of gains in losses is multiplied by, between 1 and 2: `Sampling.errors_of_gains`


@dataclass(frozen=True)
class Sampling:
    """How held-out rows came about: what was drawn together, and how models and rows hang together.

    Attributes
    ----------
    rows : array, shape (n,)
        Which row of the table each is; repeated folds hold one out several times.
    units : array, shape (n,)
        The unit of drawing of each: rows of one validation group, or that nearly repeat each other, share one.
    inflation : float
        What the variance of the rows is multiplied by; see `inflation`.
    """

    rows: np.ndarray
    units: np.ndarray
    inflation: float = 1.0

    @classmethod
    def alone(cls, n: int) -> Sampling:
        """n different rows, each drawn alone, held out once."""
        return cls(np.arange(n), np.arange(n))

    def among(self, chosen: np.ndarray) -> Sampling:
        """Of some of the rows (bool, shape (n,)); where these are all of one unit, each is drawn alone."""
        rows, units = self.rows[chosen], self.units[chosen]
        return Sampling(rows, units if len(np.unique(units)) > 1 else rows, self.inflation)

    @cached_property
    def n_rows(self) -> int:
        return len(np.unique(self.rows))

    @cached_property
    def n_units(self) -> int:
        return len(np.unique(self.units))

    @cached_property
    def codes(self) -> np.ndarray:
        """The units as numbers from 0, shape (n,)."""
        return np.unique(self.units, return_inverse=True)[1]

    def summed(self, influence: np.ndarray) -> np.ndarray:
        """Influences added up within units.  (n, m)  →  (units, m)"""
        return np.column_stack([np.bincount(self.codes, weights=column) for column in influence.T])

    def errors(self, sums: np.ndarray) -> np.ndarray:
        """Standard errors of scores by the influences of units, which sum to zero.  (units, m)  →  (m,)"""
        n = len(sums)
        return math.sqrt(self.inflation * n / max(1, n - 1)) * lengths(sums)

    def errors_of_gains(self, metric: str, sums: np.ndarray) -> np.ndarray:
        """The same of gains over another model, which vary more where folds train on each other's rows.

        A gain in a loss adds up each row's noise times how far the two models are apart there. What chance adds to that
        distance comes from the noise of rows of the other folds, so each pair of rows counts twice: about what the
        fitted models truly gain, the variance is twice that of the rows where chance alone tells two models apart, and
        that of the rows where they differ by what they know. One table doesn't show which; 1.75 times covered either.
        Shares of right answers keep the factor of scores: an answer changes all at once, so that a row's own noise
        is larger; areas were covered with it, too.

        References
        ----------
        Bayle, Janson and Mackey, "The relative instability of model comparison with cross-validation",
        arXiv 2508.04409, 2025. Bates, Hastie and Tibshirani, "Cross-validation: what does it estimate and how well does
        it do it?", JASA 119, 2024.

        Examples
        --------
        >>> sums = np.array([[1.0], [-3.0], [2.0]])
        >>> sampling = Sampling(np.arange(3), np.arange(3), inflation=1.25)
        >>> (sampling.errors_of_gains("r2", sums) ** 2).round(2)  # 1.75 times 3/2 times 14
        array([36.75])
        """
        crossed = self.inflation > 1 and is_loss(metric)
        return math.sqrt(max(1.0, OF_GAINS / self.inflation) if crossed else 1.0) * self.errors(sums)


def is_loss(metric: str) -> bool:
    """Whether a score is a mean loss of the rows, or R², which is one turned round; the others are shares and areas."""
    return metric == "r2" or not METRICS[metric].higher_is_better


def lengths(columns: np.ndarray) -> np.ndarray:
    """Root of the sum of squares of each column, whatever unit its numbers are in.  (n, m)  →  (m,)

    Squares of numbers beyond 1e154 are endless, those of numbers below 1e-162 are 0.
    """
    unit = np.abs(columns).max(axis=0, initial=0.0)
    unit[unit == 0] = 1.0
    return unit * np.sqrt(((columns / unit) ** 2).sum(axis=0))


def finite(number: float) -> float:
    """The number, or the largest there is: a result file keeps no endless ones."""
    return min(max(number, -LARGEST), LARGEST)


def inflation(folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """What the variance of held-out rows is multiplied by, for folds of which each trains on the others' rows.

    A row that is scored in one fold shaped the model that scores another row, and the other way round. The two errors
    go together, which single rows don't show: between models that differ by chance alone the variance is twice that
    of the rows, for scores that the rows' own noise rules it is hardly more. It is taken as if there were only as many
    rows as each model learned from: 1 + n_test / n_train, as in the correction of Nadeau and Bengio; what that covers
    stands in docs/decisions.md. One hold-out, or folds in order of time, need none: there no two rows judge each other.

    folds: (train, test) places.

    References
    ----------
    Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52, 2003.
    """
    for place, (train, test) in enumerate(folds):
        for other_train, other_test in folds[:place]:
            if np.isin(test, other_train).any() and np.isin(other_test, train).any():
                return 1 + len(test) / len(train)
    return 1.0


def t_quantile(share: float, n_units: int) -> float:
    """Student's quantile with one degree of freedom less than there are units."""
    return student_t.t_quantile(share, max(1, n_units - 1))


def score_interval(metric: str, one: Measured, sampling: Sampling, n_alike: int | None = None) -> Interval:
    """A score with its interval, which lies within the score's bounds.

    n_alike: see `interval_by_error`.
    """
    error = float(sampling.errors(sampling.summed(one.influence[:, None]))[0])
    return interval_by_error(metric, one.value, error, sampling, n_alike)


def interval_by_error(
    metric: str, value: float, error: float, sampling: Sampling, n_alike: int | None = None
) -> Interval:
    """Wilson's interval of a share; an area's on the scale of its logit, a loss's on that of the logarithm; R²'s own.

    n_alike: how many units tell how sure a share is where all rows are alike, if not all of them do.
    """
    bounded = not is_loss(metric)
    if bounded and not (metric in AREAS and EXACT < value < 1 - EXACT):
        return _share(value, error, sampling, n_alike)
    z = t_quantile(0.975, sampling.n_units) * error
    if bounded:
        middle, reach = math.log(value / (1 - value)), z / (value * (1 - value))
        low, high = (1 / (1 + math.exp(min(MOST, -odds))) for odds in (middle - reach, middle + reach))
        return Interval(mean=value, low=low, high=high)
    if metric == "r2":
        return Interval(mean=value, low=finite(value - z), high=min(1.0, value + z))
    if value <= 0 or error <= EXACT * value:
        return Interval(mean=value, low=value, high=value)
    reach = float(np.exp(min(MOST, z / value)))
    return Interval(mean=value, low=value / reach, high=finite(value * reach))


def _share(share: float, error: float, sampling: Sampling, n_alike: int | None = None) -> Interval:
    """Wilson's interval of a share, of as many rows as would have this error if each were drawn alone.

    Where all rows are alike there is no error to go by: then each unit counts as one row. The quantile is the normal
    one where each unit is a row, since a share then tells its own variance.
    """
    n_rows, n_units = sampling.n_rows, sampling.n_units
    quantile = Z95 if n_units == n_rows else t_quantile(0.975, n_units)
    spread = share * (1 - share)
    if error <= EXACT or spread <= EXACT:
        n = (n_units if n_alike is None else n_alike) / sampling.inflation
    else:
        n = min(n_rows / sampling.inflation, spread / error**2 + 1 / sampling.inflation)
    return share_interval(share * n, n, quantile)


def share_interval_of(hits: np.ndarray, among: np.ndarray, sampling: Sampling) -> Interval:
    """The share of hits among some rows, with its interval.  hits, among: bool, shape (n,)"""
    if not among.any():
        return share_interval(0, 0)
    right, chosen = hits[among].astype(float), sampling.among(among)
    share = float(right.mean())
    sums = chosen.summed((right - share)[:, None] / len(right))
    return _share(share, float(chosen.errors(sums)[0]), chosen)


def joint_quantile(sums: np.ndarray) -> float:
    """The 95 % quantile of the largest |t| of m scores, correlated as their influences are; drawn, the same each time.

    (units, m), of scores of about 1; of one score it is Student's quantile. Scores without any spread take no part.
    """
    n = len(sums)
    moving = sums[:, lengths(sums) > EXACT]
    if moving.shape[1] < 2:
        return t_quantile(0.975, n)
    unit = moving / lengths(moving)
    values, vectors = np.linalg.eigh(unit.T @ unit)
    shaped = vectors * np.sqrt(np.maximum(values, 0))
    drawn, spread = _drawn(len(values), max(1, n - 1))
    return float(np.quantile(np.abs(drawn @ shaped.T).max(axis=1) / spread, 0.95))


@lru_cache(maxsize=8)
def _drawn(m: int, freedom: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal draws (DRAWS, m), and what divides them so that they become Student's (DRAWS,)."""
    random = np.random.default_rng(SEED)
    return random.normal(size=(DRAWS, m)), np.sqrt(random.chisquare(freedom, DRAWS) / freedom)
