"""Permutation importance: how much the ranking metric loses when a column is shuffled.

References
----------
Breiman, "Random forests", 2001. Fisher, Rudin and Dominici, JMLR 2019.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.evaluate.result import Importance, Interval

REPEATS = 5


def importances(
    score: Callable[[pd.DataFrame], float], table: pd.DataFrame, *, seed: int, check: Callable[[], None]
) -> list[Importance]:
    """The loss of a score per column, largest first; the interval is that of the mean over five shuffles."""
    whole = score(table)
    random = np.random.default_rng(seed)
    found = []
    for name in table.columns:
        losses = []
        for _repeat in range(REPEATS):
            check()
            shuffled = table.copy()
            shuffled[name] = table[name].iloc[random.permutation(len(table))].set_axis(table.index)
            losses.append(whole - score(shuffled))
        mean, error = float(np.mean(losses)), float(np.std(losses, ddof=1) / np.sqrt(REPEATS))
        reach = 2.776 * error  # Student's t with four degrees of freedom, 95 %
        found.append(Importance(name=str(name), value=Interval(mean=mean, low=mean - reach, high=mean + reach)))
    return sorted(found, key=lambda one: -one.value.mean)
