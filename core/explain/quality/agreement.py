"""How much two explanations of the same row are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from core.results.explanations.quality import What
from core.results.explanations.rows import RowExplanation

FEWEST = 3  # parts that have an order to compare
TOP = 3
SAME = 1e-6  # values that differ by less, beside the largest, are the same: encoders count in float32


@dataclass(frozen=True)
class Values:
    """What one explanation gives the words, or the columns, of a row; shape (n,)."""

    values: np.ndarray
    exact: bool  # no band


def values_of(row: RowExplanation, columns: list[str]) -> dict[What, Values]:
    """Both kinds of values of an explained row, always in the same order: that of `columns`, and of the texts."""
    bars = {one.name: one for one in row.columns}
    ordered = [bars[name] for name in columns]
    words = [part for one in ordered for part in one.parts if part.level == "word"]
    sides: Mapping[What, list[Any]] = {"columns": ordered, "words": words}
    return {
        what: Values(np.asarray([one.value for one in some]), all(one.low == one.high for one in some))
        for what, some in sides.items()
    }


def correlation(one: np.ndarray, other: np.ndarray, *, sizes: bool = False) -> float:
    """Spearman's; NaN for fewer than three parts, or where all values of a side are the same.

    sizes: of absolute values
    """
    if sizes:
        one, other = np.abs(one), np.abs(other)
    if len(one) < FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(stats.spearmanr(one, other).statistic)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Which share of the three largest values of one is among those of the other; NaN for three or fewer parts."""
    if len(one) <= TOP:
        return float("nan")
    tops = [set(np.argsort(-np.abs(some), kind="stable")[:TOP].tolist()) for some in (one, other)]
    return len(tops[0] & tops[1]) / TOP


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether all values are the same but for rounding."""
    return bool(np.abs(one - other).max(initial=0.0) <= SAME * max(1.0, np.abs(one).max(initial=0.0)))
