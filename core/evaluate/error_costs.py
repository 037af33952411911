"""What mistakes cost: the expected cost of a two-class model over its thresholds, and where it is least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.evaluate.result import Interval, Threshold

PER = 1000  # rows that a cost is given for
USUAL = 0.5
DRAWS = 1000


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
    points: list[Threshold],
    n_rows: int,
    n_positive: int,
    *,
    miss: float,
    false_alarm: float,
    repeats: float = 1.0,
    seed: int = 0,
) -> ErrorCosts:
    """Weigh the mistakes at each threshold.

    Parameters
    ----------
    points : list of Threshold
        What happens at each threshold, on `n_rows` held-out rows of which `n_positive` are of the class.
    miss, false_alarm : float
        The cost of a row of the class that was not found, and of another row that was taken for it; not both 0.
    repeats : float
        How often each row was held out; `points` count every time, `n_rows` and `n_positive` do not.

    Notes
    -----
    The interval draws rows again with replacement (their counts between the thresholds, which is the same). The best
    threshold was chosen on the same rows, so the interval is as wide as holds for all thresholds together: it reaches
    as many standard errors as the furthest of all savings lies off in 95 % of the draws. The saving itself stays
    somewhat flattered.

    References
    ----------
    Elkan, "The foundations of cost-sensitive learning", IJCAI 2001 (the threshold of a calibrated model); Westfall and
    Young, "Resampling-based multiple testing", 1993 (the largest statistic of all).
    """
    hits = np.array([round(point.recall * n_positive * repeats) for point in points]) / repeats
    alarms = np.array([point.n_yes for point in points]) / repeats - hits
    between = np.concatenate([_between(hits, n_positive), _between(alarms, n_rows - n_positive)])
    costs = PER / n_rows * _cost(between[None], miss, false_alarm)[0]
    thresholds = np.array([point.threshold for point in points])
    usual = int(np.abs(thresholds - USUAL).argmin())
    least = np.flatnonzero(np.isclose(costs, costs.min()))
    best = int(least[np.abs(thresholds[least] - USUAL).argmin()])
    drawn = np.random.default_rng(seed).multinomial(n_rows, between / between.sum(), size=DRAWS)
    at = PER / n_rows * _cost(drawn, miss, false_alarm)
    savings, reach = costs[usual] - costs, _reach(at[:, [usual]] - at, costs[usual] - costs)
    return ErrorCosts(
        thresholds=thresholds.tolist(),
        costs=costs.tolist(),
        best=float(thresholds[best]),
        best_cost=float(costs[best]),
        usual_cost=float(costs[usual]),
        saving=Interval(mean=savings[best], low=savings[best] - reach[best], high=savings[best] + reach[best]),
        calibrated=false_alarm / (false_alarm + miss),
    )


def _reach(drawn: np.ndarray, savings: np.ndarray) -> np.ndarray:
    """How far the savings (t,) may be off, all thresholds together, by their draws (b, t)."""
    error = drawn.std(axis=0)
    known = error > 0
    if not known.any():
        return error
    furthest = (np.abs(drawn - savings)[:, known] / error[known]).max(axis=1)
    return np.percentile(furthest, 95) * error


def _between(said: np.ndarray, n: int) -> np.ndarray:
    """Rows with a probability below the first threshold, between each two, above the last.  (t,)  →  (t + 1,)"""
    return -np.diff(np.concatenate([[n], said, [0]]))


def _cost(between: np.ndarray, miss: float, false_alarm: float) -> np.ndarray:
    """Total cost at each threshold.  (b, 2 (t + 1)), rows of the class first  →  (b, t)"""
    positive, negative = np.split(between, 2, axis=1)
    missed = np.cumsum(positive, axis=1)[:, :-1]
    alarmed = negative.sum(axis=1, keepdims=True) - np.cumsum(negative, axis=1)[:, :-1]
    return miss * missed + false_alarm * alarmed
