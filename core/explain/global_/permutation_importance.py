"""Permutation importance: how much the ranking metric loses when a column is shuffled.

References
----------
Breiman, "Random forests", 2001. Fisher, Rudin and Dominici, JMLR 2019.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from core.explain.global_.estimate import REPEATS
from core.explain.shapley.values import never
from core.results.comparison import Interval
from core.results.explanations.global_explanation import Importance

FEWEST_REPEATS = 2


def importances(
    score: Callable[[pd.DataFrame], float],
    table: pd.DataFrame,
    *,
    seed: int,
    check: Callable[[], None],
    repeats: int = REPEATS,
    enough: Callable[[], bool] = never,
) -> list[Importance]:
    """The loss of a score per column, largest first, with Student's interval of its mean over the shuffles.

    Parameters
    ----------
    score : callable
        Higher is better.
    check : callable
        Called before each shuffle; raises to stop.
    enough : callable () → bool
        Asked after each round over all columns, from the second on: True ends it.
    """
    whole = score(table)
    random = np.random.default_rng(seed)
    rounds: list[list[float]] = []
    while len(rounds) < FEWEST_REPEATS or (len(rounds) < repeats and not enough()):
        losses = []
        for name in table.columns:
            check()
            shuffled = table.copy()
            shuffled[name] = table[name].iloc[random.permutation(len(table))].set_axis(table.index)
            losses.append(whole - score(shuffled))
        rounds.append(losses)
    means = np.mean(rounds, axis=0)
    reach = stats.t.ppf(0.975, len(rounds) - 1) * np.std(rounds, axis=0, ddof=1) / np.sqrt(len(rounds))
    found = [
        Importance(name=str(name), value=Interval(mean=float(mean), low=float(mean - r), high=float(mean + r)))
        for name, mean, r in zip(table.columns, means, reach, strict=True)
    ]
    return sorted(found, key=lambda one: -one.value.mean)
