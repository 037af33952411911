"""A cohort: the rows of a table that meet a condition.

Light: the page sorts stored rows by it, the job samples by it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.job_params import Condition
from core.results.explanations.global_explanation import Importance, ranked

DAY_MICROSECONDS = 86_400_000_000
FEWEST = 20  # rows on either side that a comparison from stored rows needs


def meets(values: pd.Series, condition: Condition) -> np.ndarray:
    """Which values of the condition's column meet it; a missing value meets only "missing".  →  bool (n,)"""
    missing = values.isna().to_numpy()
    if condition.how == "missing":
        return missing
    if condition.how in {"at least", "at most"}:
        found, bound = _measured(values, condition.value)
        with np.errstate(invalid="ignore"):
            if condition.how == "at least":
                return found >= bound
            return found <= bound + _rest_of_day(values, condition.value)
    words = pd.Series([shown(value) for value in values], dtype=object)
    if condition.how == "contains":
        inside = words.str.casefold().str.contains(condition.value.casefold(), regex=False, na=False)
        return inside.to_numpy(dtype=bool) & ~missing
    return (words == condition.value).to_numpy() & ~missing


def shown(value: object) -> str:
    """A cell as it is compared and offered: whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def side_by_side(rows: pd.DataFrame, inside: np.ndarray) -> tuple[list[Importance], list[Importance]]:
    """The columns ranked within a cohort, and in the rest.

    rows: lines about one class per row; inside: whether each line's row is in the cohort.
    """
    return ranked(rows[inside]), ranked(rows[~inside])


def _measured(values: pd.Series, bound: str) -> tuple[np.ndarray, float]:
    """Values and the bound they are compared with as numbers, moments in microseconds."""
    if pd.api.types.is_datetime64_any_dtype(values):
        moments = values.to_numpy(dtype="datetime64[us]")
        measured = np.where(np.isnat(moments), np.nan, moments.astype("int64"))
        return measured, float(np.datetime64(bound, "us").astype("int64"))
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan), float(bound)


def _rest_of_day(values: pd.Series, bound: str) -> float:
    """A day is over at its end, not at its midnight: microseconds that a bound without a time reaches further."""
    is_day = pd.api.types.is_datetime64_any_dtype(values) and len(bound) == len("2024-05-03")
    return DAY_MICROSECONDS - 1 if is_day else 0
