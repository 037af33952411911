"""Where two candidates disagree: on which held-out rows one is right, or closer, and the other is not."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from core.evaluate.intervals.influence import share_of_right
from core.evaluate.intervals.paired_tests import difference
from core.evaluate.subgroups import sampling_of
from core.results.comparison import Difference

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
    DataFrame with columns ``row, unit, fold, truth, first, second, outcome``; None if they were not scored on the same
    rows.
    """
    if not np.array_equal(first[["row", "fold"]].to_numpy(), second[["row", "fold"]].to_numpy()):
        return None
    frame = first[["row", "fold", "truth"]].assign(
        unit=sampling_of(first).units, first=first["prediction"].to_numpy(), second=second["prediction"].to_numpy()
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


def lead(frame: pd.DataFrame, inflation: float = 1.0) -> Difference:
    """On how many more of all rows the first is alone right, or closer, than the second is, with its 95 % interval.

    Of classes that is the difference of the two accuracies, with the interval that it has everywhere.

    frame: of `side_by_side`; inflation: `Comparison.inflation`.
    """
    first, second = (
        share_of_right((frame["outcome"] == outcome).to_numpy(dtype=float)) for outcome in ("first", "second")
    )
    return difference("accuracy", first, second, sampling_of(frame, inflation), to="second")
