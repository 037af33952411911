"""What mistakes cost: the expected cost of a two-class model over its thresholds, and where it is least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.evaluate.intervals.uncertainty import Sampling, joint_quantile
from core.results.comparison import Interval

PER = 1000  # rows that a cost is given for
USUAL = 0.5


@dataclass(frozen=True)
class ErrorCosts:
    """Expected cost per 1,000 rows over the thresholds."""

    thresholds: list[float]
    costs: list[float]
    best: float  # the threshold with the least cost; of several, the one nearest to 0.5
    best_cost: float
    usual_cost: float  # at 0.5
    saving: Interval  # per 1,000 rows, at the best threshold against 0.5
    calibrated: float  # the best threshold of a model whose probabilities are all true


def error_costs(
    positive: np.ndarray,
    values: np.ndarray,
    thresholds: Sequence[float],
    *,
    miss: float,
    false_alarm: float,
    sampling: Sampling | None = None,
) -> ErrorCosts:
    """Weigh the mistakes at each threshold.

    Parameters
    ----------
    positive : bool array, shape (n,)
        Which held-out rows are of the class.
    values : array, shape (n,)
        How probable the model finds that.
    miss, false_alarm : float
        The cost of a row of the class that was not found, and of another row that was taken for it; not both 0.
    sampling : Sampling, optional
        How the rows came about; without it each was drawn alone and held out once.

    References
    ----------
    Elkan, "The foundations of cost-sensitive learning", IJCAI 2001 (the threshold of a calibrated model).

    Examples
    --------
    >>> found = error_costs(np.array([True, False]), np.array([0.3, 0.1]), [0.2, 0.5], miss=5, false_alarm=1)
    >>> found.best, found.best_cost, found.usual_cost
    (0.2, 0.0, 2500.0)
    """
    sampling = sampling or Sampling.alone(len(positive))
    asked, unit = np.asarray(thresholds, dtype=float), miss + false_alarm
    usual = int(np.abs(asked - USUAL).argmin())
    by_row = [partial(_cost, positive, values, threshold, miss / unit, false_alarm / unit) for threshold in asked]
    costs, sums = _over_thresholds(by_row, by_row[usual](), sampling)
    costs *= (scale := PER * unit)
    least = np.flatnonzero(np.isclose(costs, costs.min()))
    best = int(least[np.abs(asked[least] - USUAL).argmin()])
    return ErrorCosts(
        thresholds=asked.tolist(),
        costs=costs.tolist(),
        best=float(asked[best]),
        best_cost=float(costs[best]),
        usual_cost=float(costs[usual]),
        saving=_saving(float(costs[usual] - costs[best]), sums, best, scale, sampling),
        calibrated=false_alarm / unit,
    )


def _over_thresholds(
    by_row: Sequence[Callable[[], np.ndarray]], usual: np.ndarray, sampling: Sampling
) -> tuple[np.ndarray, np.ndarray]:
    """The mean cost at each threshold, (t,), and what each unit adds to the saving against the usual one, (units, t).

    by_row: for each threshold, what computes the costs of the rows; usual: those at the usual threshold, shape (n,).
    """
    costs = np.empty(len(by_row))
    sums = np.empty((sampling.n_units, len(by_row)), dtype=np.float32)  # there may be 100 thresholds for 200,000 rows
    for index, cost_of_rows in enumerate(by_row):
        cost = cost_of_rows()
        costs[index], saved = cost.mean(), usual - cost
        sums[:, index] = sampling.summed((saved - saved.mean())[:, None] / len(saved))[:, 0]
    return costs, sums


def _saving(saving: float, sums: np.ndarray, best: int, scale: float, sampling: Sampling) -> Interval:
    """The saving at the best threshold with its interval.

    The threshold was chosen on the same rows, so the interval is as wide as holds for all thresholds together: it
    reaches as many standard errors as the largest of their correlated t values. The saving itself stays somewhat
    flattered.
    """
    reach = scale * joint_quantile(sums) * float(sampling.errors(sums[:, [best]])[0])
    return Interval(mean=saving, low=saving - reach, high=saving + reach)


def _cost(positive: np.ndarray, values: np.ndarray, threshold: float, miss: float, false_alarm: float) -> np.ndarray:
    """The cost of each row where the model says yes from this threshold on.  →  (n,)"""
    predicted = values >= threshold
    return miss * (positive & ~predicted) + false_alarm * (predicted & ~positive)
