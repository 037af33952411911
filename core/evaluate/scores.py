"""Scores with 95 % intervals: the plain score, and how sure it is by the rows that were held back.

Also the bootstrap for scores whose influence values nobody worked out: those of texts and documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from core.catalog import Task
from core.evaluate.intervals.influence import measured
from core.evaluate.intervals.uncertainty import AREAS, Sampling, score_interval
from core.evaluate.ranking import positive_class
from core.results.comparison import Interval

LOW, HIGH = 2.5, 97.5
BLOCK = 4_000_000  # weights held at once
MOST_WORK = 60_000_000  # row weights × classes; beyond it there are fewer draws
FEWEST_DRAWS = 100

Statistic = Callable[[np.ndarray], np.ndarray]  # weights (b, n) → values (b,)


def score(
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    probabilities: np.ndarray | None,
    classes: list[str],
    *,
    sampling: Sampling | None = None,
    positive: str = "",
) -> dict[str, Interval]:
    """Every metric of a task, with its interval (`core.evaluate.intervals.uncertainty`).

    Parameters
    ----------
    truth, prediction : shape (n,)
        Labels or numbers.
    probabilities : shape (n, k), optional
        In the order of `classes`; without them the metrics that need them are left out.
    sampling : Sampling, optional
        How the rows came about; without it each was drawn alone and held out once.
    positive : str
        The class that a two-class score speaks of, chosen by all rows of the comparison. Default: chosen by these rows.

    Returns
    -------
    dict
        Metric → interval; a metric that is not defined on these rows is left out.
    """
    sampling = sampling or Sampling.alone(len(truth))
    found = measured(task, truth, prediction, probabilities, classes, positive)
    labels = np.asarray(truth, dtype=str) if task == "binary" else None
    fewest = (
        None if labels is None else _fewest_units(labels == (positive or positive_class(labels, classes)), sampling)
    )
    return {name: score_interval(name, one, sampling, fewest if name in AREAS else None) for name, one in found.items()}


def _fewest_units(wanted: np.ndarray, sampling: Sampling) -> int:
    """Units with rows of the rarer kind: as many rows tell how sure a ranking without any mistake is."""
    units = sampling.units
    return min(len(np.unique(units[wanted])), len(np.unique(units[~wanted])))


def affordable(resamples: int, n: int, k: int) -> int:
    """How many draws of n rows with k classes are made where so many are wanted."""
    return min(resamples, max(FEWEST_DRAWS, MOST_WORK // max(1, n * max(1, k))))


def intervals(statistics: dict[str, Statistic], n: int, seed: int, resamples: int) -> dict[str, Interval]:
    """Point value and percentile interval of each statistic of n weighted rows."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in statistics}
    for weights in draws(n, seed, resamples):
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


def draws(n: int, seed: int, resamples: int) -> Iterator[np.ndarray]:
    """Row weights of all bootstrap draws, some at a time, shape (b, n)."""
    random = np.random.default_rng(seed)
    size = max(1, BLOCK // max(1, n))
    for start in range(0, resamples, size):
        n_draws = min(size, resamples - start)
        yield np.stack([np.bincount(random.integers(0, n, n), minlength=n) for _draw in range(n_draws)]).astype(float)
