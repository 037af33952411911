"""Where two candidates disagree: on which held-out rows one is right, or closer, and the other is not."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd

Outcome = Literal["both", "first", "second", "neither"]
OUTCOMES: dict[bool, tuple[Outcome, ...]] = {
    True: ("both", "first", "second", "neither"),  # classes: who is right
    False: ("first", "second", "both"),  # numbers: who is closer; both: equally close
}


def side_by_side(first: pd.DataFrame, second: pd.DataFrame, *, classes: bool) -> pd.DataFrame | None:
    """The held-out rows of two candidates of one run, with the outcome of each.

    Parameters
    ----------
    first, second : DataFrame
        Their ``predictions.parquet``.
    classes : bool
        Whether classes were predicted; else numbers.

    Returns
    -------
    DataFrame with columns ``row, fold, truth, first, second, outcome``; None if they were not scored on the same rows.
    """
    if not np.array_equal(first[["row", "fold"]].to_numpy(), second[["row", "fold"]].to_numpy()):
        return None
    frame = first[["row", "fold", "truth"]].assign(
        first=first["prediction"].to_numpy(), second=second["prediction"].to_numpy()
    )
    if classes:
        one, other = frame["first"] == frame["truth"], frame["second"] == frame["truth"]
        chosen = np.select([one & other, one, other], ["both", "first", "second"], "neither")
        return frame.assign(outcome=chosen)
    one, other = (frame["first"] - frame["truth"]).abs(), (frame["second"] - frame["truth"]).abs()
    chosen = np.select([one < other, other < one], ["first", "second"], "both")
    return frame.assign(outcome=chosen)


def counts(frame: pd.DataFrame, *, classes: bool) -> dict[Outcome, int]:
    """How many rows have each outcome."""
    found = frame["outcome"].value_counts()
    return {outcome: int(found.get(outcome, 0)) for outcome in OUTCOMES[classes]}


def most_apart(frame: pd.DataFrame, *, classes: bool) -> pd.DataFrame:
    """For numbers, the rows where the two predictions lie furthest apart come first; classes keep their order."""
    if classes:
        return frame
    apart = (frame["first"] - frame["second"]).abs().sort_values(ascending=False, kind="stable")
    return frame.loc[apart.index]


def sign_test(first: int, second: int) -> float:
    """The chance of a split at least as uneven as first : second if a fair coin decided each row (two-sided).

    On rows where only one of two classifiers is right this is McNemar's exact test.

    References
    ----------
    McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12, 1947.
    """
    n, fewer = first + second, min(first, second)
    if n == 0:
        return 1.0
    log_chances = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(fewer + 1)]
    return min(1.0, 2 * sum(math.exp(value - n * math.log(2)) for value in log_chances))
