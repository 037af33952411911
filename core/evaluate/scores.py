"""Scores with 95 % intervals: the plain score, and the bootstrap over rows around it.

A bootstrap draws the rows again with replacement; here a draw is a vector of weights (how often each row was drawn),
so that all draws are computed by matrix products and weighted cumulative sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from core.catalog import Task
from core.evaluate.ranking import positive_class
from core.evaluate.result import Interval
from core.evaluate.shares import share_interval

LOW, HIGH = 2.5, 97.5
BLOCK = 4_000_000  # weights held at once
MOST_WORK = 60_000_000  # row weights × classes; beyond it there are fewer draws
FEWEST_DRAWS = 100
TINY = 1e-15

Statistic = Callable[[np.ndarray], np.ndarray]  # weights (b, n) → values (b,)


def score(
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    classes: list[str],
    *,
    rows: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = 500,
    positive: str = "",
) -> dict[str, Interval]:
    """Every metric of a task, with its percentile bootstrap interval.

    Where every row is right, or none, all draws are alike; the accuracy then has Wilson's interval, whose width tells
    how many rows there were.

    Parameters
    ----------
    truth, prediction : shape (n,)
        Labels or numbers.
    probabilities : shape (n, k), optional
        In the order of `classes`; without them the metrics that need them are left out.
    rows : shape (n,), optional
        Which row of the table each is: one that was held out several times (repeated folds) is drawn as one.
    resamples : int
        Draws; of very many rows fewer are made (at least 100), since their intervals are narrow anyway.
    positive : str
        The class that a two-class score speaks of, chosen by all rows of the comparison. Default: chosen by these rows.

    Returns
    -------
    dict
        Metric → interval; a metric that is not defined on these rows is left out.

    References
    ----------
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13 (percentile intervals).
    """
    statistics = (
        regression_statistics(truth, prediction)
        if task == "regression"
        else class_statistics(task, truth, prediction, probabilities, classes, positive)
    )
    found = intervals(statistics, len(truth), seed, affordable(resamples, len(truth), len(classes)), rows)
    if "accuracy" in found and found["accuracy"].mean in (0, 1):
        n_rows = len(truth) if rows is None else len(np.unique(rows))
        found["accuracy"] = share_interval(found["accuracy"].mean * n_rows, n_rows)
    return found


def affordable(resamples: int, n: int, k: int) -> int:
    """How many draws of n rows with k classes are made where so many are wanted."""
    return min(resamples, max(FEWEST_DRAWS, MOST_WORK // max(1, n * max(1, k))))


def intervals(
    statistics: dict[str, Statistic], n: int, seed: int, resamples: int, rows: np.ndarray | None = None
) -> dict[str, Interval]:
    """Point value and percentile interval of each statistic of n weighted rows."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in statistics}
    for weights in draws(n, seed, resamples, rows):
        for name, statistic in statistics.items():
            found[name].append(statistic(weights))
    result = {}
    ones = np.ones((1, n))
    for name, statistic in statistics.items():
        mean = float(statistic(ones)[0])
        values = np.concatenate(found[name])
        values = values[np.isfinite(values)]
        if not np.isfinite(mean):
            continue
        low, high = np.percentile(values, [LOW, HIGH]) if len(values) else (mean, mean)
        result[name] = Interval(mean=mean, low=min(float(low), mean), high=max(float(high), mean))
    return result


def regression_statistics(truth: np.ndarray, prediction: np.ndarray) -> dict[str, Statistic]:
    """R², RMSE and MAE as functions of row weights."""
    unit = largest(truth, prediction)
    truth, prediction = np.asarray(truth, dtype=float) / unit, np.asarray(prediction, dtype=float) / unit
    error, centred = prediction - truth, truth - truth.mean()

    def r2(weights: np.ndarray) -> np.ndarray:
        total = weights.sum(axis=1)
        spread = weights @ centred**2 - (weights @ centred) ** 2 / total
        return 1 - (weights @ error**2) / _nonzero(spread)

    return {
        "r2": r2,
        "rmse": lambda weights: np.sqrt(weights @ error**2 / weights.sum(axis=1)) * unit,
        "mae": lambda weights: weights @ np.abs(error) / weights.sum(axis=1) * unit,
    }


def largest(*numbers: np.ndarray) -> float:
    """The power of two next to the largest of some numbers; in this unit their squares are neither endless nor 0."""
    most = max(float(np.abs(np.asarray(some, dtype=float)).max(initial=0.0)) for some in numbers)
    return float(2.0 ** np.floor(np.log2(most))) if most > 0 else 1.0


def class_statistics(
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    classes: list[str],
    positive: str = "",
) -> dict[str, Statistic]:
    """The metrics of a classification as functions of row weights."""
    truth, prediction = np.asarray(truth, dtype=str), np.asarray(prediction, dtype=str)
    known = [label for label in classes if np.any(truth == label) or np.any(prediction == label)]
    is_true = np.column_stack([truth == label for label in known]).astype(float)
    is_said = np.column_stack([prediction == label for label in known]).astype(float)
    is_both = is_true * is_said
    either = np.maximum(is_true, is_said)
    right = (truth == prediction).astype(float)

    def macro(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
        """The mean over the classes that were drawn; undefined values count as 0, as in scikit-learn."""
        drawn = weights @ either > 0
        return (np.nan_to_num(values) * drawn).sum(axis=1) / drawn.sum(axis=1)

    def recall(weights: np.ndarray) -> np.ndarray:
        return (weights @ is_both) / _nonzero(weights @ is_true)

    def macro_recall(weights: np.ndarray) -> np.ndarray:
        return macro(weights, recall(weights))

    def balanced(weights: np.ndarray) -> np.ndarray:
        return _mean_of_known(list(recall(weights).T))

    def precision(weights: np.ndarray) -> np.ndarray:
        return macro(weights, (weights @ is_both) / _nonzero(weights @ is_said))

    def f1(weights: np.ndarray) -> np.ndarray:
        return macro(weights, 2 * (weights @ is_both) / _nonzero(weights @ (is_true + is_said)))

    found: dict[str, Statistic] = {
        "accuracy": lambda weights: weights @ right / weights.sum(axis=1),
        "balanced_accuracy": balanced,
        "precision": precision,
        "recall": macro_recall,
        "f1": f1,
    }
    if probabilities is None:
        return found
    positive = positive or positive_class(truth, classes)
    return {**found, **_probability_statistics(task, truth, probabilities, classes, positive)}


def _probability_statistics(
    task: Task, truth: np.ndarray, probabilities: np.ndarray, classes: list[str], positive: str
) -> dict[str, Statistic]:
    probabilities = np.asarray(probabilities, dtype=float)
    hit = np.column_stack([truth == label for label in classes]).astype(float)
    surprise = -np.log(np.clip((probabilities * hit).sum(axis=1), TINY, 1))
    distance = ((probabilities - hit) ** 2).sum(axis=1) * (0.5 if task == "binary" else 1.0)
    if task == "binary":
        places = [classes.index(positive)]
    else:
        places = [place for place in range(len(classes)) if 0 < hit[:, place].sum() < len(truth)]
    areas = Areas([Ranking(hit[:, place] > 0, probabilities[:, place]) for place in places])
    return {
        "roc_auc": lambda weights: areas.at(weights)[0],
        "average_precision": lambda weights: areas.at(weights)[1],
        "log_loss": lambda weights: weights @ surprise / weights.sum(axis=1),
        "brier": lambda weights: weights @ distance / weights.sum(axis=1),
    }


class Ranking:
    """Rows ranked by a score, ready for weighted areas under curves.

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
        precision = found / np.maximum(seen, TINY)
        return (
            above / _nonzero(all_wanted * (seen[:, -1] - all_wanted)),
            np.einsum("bs,bs->b", precision, wanted) / _nonzero(all_wanted),
        )


class Areas:
    """Both areas averaged over classes, computed once for each set of weights."""

    def __init__(self, rankings: list[Ranking]) -> None:
        self.rankings = rankings
        self._weights: np.ndarray | None = None
        self._found: tuple[np.ndarray, np.ndarray] | None = None

    def at(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Macro ROC AUC and average precision; a class that was not drawn is left out."""
        if self._found is None or weights is not self._weights:
            nothing = np.full(len(weights), np.nan)
            each = [ranking.areas(weights) for ranking in self.rankings] or [(nothing, nothing)]
            self._weights = weights
            self._found = _mean_of_known([one[0] for one in each]), _mean_of_known([one[1] for one in each])
        return self._found


def draws(n: int, seed: int, resamples: int, rows: np.ndarray | None = None) -> Iterator[np.ndarray]:
    """Row weights of all bootstrap draws, some at a time, shape (b, n).

    rows: which row of the table each of the n is; what belongs to one row is drawn together.
    """
    unique, own = (n, None) if rows is None else _own(rows)
    random = np.random.default_rng(seed)
    size = max(1, BLOCK // max(1, n))
    for start in range(0, resamples, size):
        n_draws = min(size, resamples - start)
        weights = np.stack(
            [np.bincount(random.integers(0, unique, unique), minlength=unique) for _draw in range(n_draws)]
        )
        yield (weights if own is None else weights[:, own]).astype(float)


def _own(rows: np.ndarray) -> tuple[int, np.ndarray | None]:
    """How many different rows there are, and the place of each among them; None where each stands once."""
    found, own = np.unique(rows, return_inverse=True)
    return len(found), own if len(found) < len(rows) else None


def _mean_of_known(values: list[np.ndarray]) -> np.ndarray:
    """The mean over classes, leaving out NaN; NaN where nothing is known.  k arrays (b,)  →  (b,)"""
    stacked = np.stack(values)
    known = np.isfinite(stacked)
    return np.where(known, stacked, 0).sum(axis=0) / _nonzero(known.sum(axis=0))


def _nonzero(values: np.ndarray) -> np.ndarray:
    """NaN where a denominator is zero: not defined there."""
    return np.where(values > 0, values, np.nan)
