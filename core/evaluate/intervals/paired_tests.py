"""Is one candidate better than another? Paired on the rows both were scored on, and jointly where the best is chosen.

Gains are above zero where the first is better, also where lower scores are better, and are the differences of the two
scores that are shown: both come from the same rows, averaged in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.catalog import METRICS
from core.evaluate.intervals.influence import Measured
from core.evaluate.intervals.student_t import t_quantile, t_two_sided
from core.evaluate.intervals.uncertainty import EXACT, Sampling, finite, joint_quantile
from core.results.comparison import Difference


def difference(metric: str, mine: Measured, other: Measured, sampling: Sampling, *, to: str) -> Difference:
    """How much better one candidate is than another, with the 95 % interval of this pair alone.

    mine, other: on the same rows, in the same order; sampling: how these came about.
    """
    return joint_differences(metric, {"": mine}, other, sampling, to=to)[""].model_copy(
        update={"joint_low": None, "joint_high": None}
    )


def joint_differences(
    metric: str, mine: Mapping[str, Measured], other: Measured, sampling: Sampling, *, to: str
) -> dict[str, Difference]:
    """The gains of several candidates over one: each with its own interval, and with one of those that hold together.

    Whichever is chosen for its gain, its joint interval holds the truth in 95 % of comparisons.
    """
    if not mine:
        return {}
    sign = 1 if METRICS[metric].higher_is_better else -1
    moves = np.column_stack([sign * (one.influence - other.influence) for one in mine.values()])
    sums, sizes = sampling.summed(moves), np.array([_size(metric, one, other) for one in mine.values()])
    reach, freedom = joint_quantile(sums / sizes), max(1, len(sums) - 1)
    errors = np.hypot(sampling.errors_of_gains(metric, sums), _step(other, sampling))
    return {
        name: _difference(
            sign * (one.value - other.value), float(error), (freedom, reach), to, exact=EXACT * float(size)
        )
        for (name, one), error, size in zip(mine.items(), errors, sizes, strict=True)
    }


def _size(metric: str, mine: Measured, other: Measured) -> float:
    """What a difference counts beside: 1 for shares and R²; a loss has the unit of the target, or none of its own."""
    return (1.0 if METRICS[metric].higher_is_better else max(mine.value, other.value)) or 1.0


def _step(one: Measured, sampling: Sampling) -> float:
    """What is added to the error of a gain in right answers: one more row that only one of the two gets right.

    Without it, four rows that only one candidate gets right, and none that only the other does, would be certainty
    (Agresti and Min, "Simple improved confidence intervals for comparing matched proportions", 2005, add two rows).
    """
    return one.step * len(sampling.rows) / max(1, sampling.n_rows)


def _difference(gain: float, error: float, student: tuple[int, float], to: str, *, exact: float) -> Difference:
    """student: degrees of freedom, and the quantile of the largest of all t values; exact: an error up to it is none"""
    freedom, together = student
    alone = t_quantile(0.975, freedom)
    chance = t_two_sided(gain / error, freedom) if error > exact else float(gain == 0)
    return Difference(
        mean=gain, low=finite(gain - alone * error), high=finite(gain + alone * error), to=to, p=chance,
        joint_low=finite(gain - together * error), joint_high=finite(gain + together * error),
    )  # fmt: skip
