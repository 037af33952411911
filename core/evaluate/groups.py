"""A candidate's score within parts of the table: by values of a category, ranges of a number, lengths of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.catalog import Task
from core.evaluate.result import Interval
from core.evaluate.scores import score

MOST_GROUPS = 12
FEWEST_ROWS = 5  # smaller values are put together with the rest: their own score would say nothing
RANGES = 4
Z95 = 1.959964
Kind = Literal["value", "range", "length", "others", "missing"]


@dataclass(frozen=True)
class Group:
    """Some held-out rows that have something in common."""

    kind: Kind
    label: str  # the value, or the range as it is written
    n_rows: int
    score: Interval | None  # None: the score is not defined on these rows


def by_group(
    held: pd.DataFrame,
    values: pd.Series,
    task: Task,
    metric: str,
    classes: list[str],
    *,
    text: bool = False,
    seed: int = 0,
    resamples: int = 300,
) -> list[Group]:
    """Score a candidate within each group, with a 95 % interval.

    Parameters
    ----------
    held : DataFrame, n rows
        The candidate's held-out predictions.
    values : Series, n values
        What the rows are grouped by, in their order.
    text : bool
        Group by the number of characters.

    Returns
    -------
    list of Group
        Ranges in order, values by their frequency, then the others and the rows without a value.
    """
    kinds, labels, order = _labels(values, text)
    found = []
    for kind, label in order:
        rows = held[(kinds == kind) & (labels == label)]
        found.append(Group(kind, label, len(rows), _score(rows, task, metric, classes, seed, resamples)))
    return found


def _labels(values: pd.Series, text: bool) -> tuple[np.ndarray, np.ndarray, list[tuple[Kind, str]]]:
    """The kind and label of each row's group, and all groups in the order they are shown."""
    values = values.reset_index(drop=True)
    missing = values.isna().to_numpy()
    kinds = np.full(len(values), "missing", dtype=object)
    labels = np.full(len(values), "", dtype=object)
    known = values[~missing]
    if text:
        known = known.astype(str).str.len()
    ordered = pd.api.types.is_numeric_dtype(known) and not pd.api.types.is_bool_dtype(known)
    ordered = ordered or pd.api.types.is_datetime64_any_dtype(known)
    order: list[tuple[Kind, str]]
    if ordered and known.nunique() > RANGES:
        kind: Kind = "length" if text else "range"
        parts = pd.qcut(known, RANGES, duplicates="drop", labels=False)
        names = {part: _range(known[parts == part]) for part in sorted(parts.unique())}
        kinds[known.index], labels[known.index] = kind, parts.map(names).to_numpy(dtype=object)
        order = [(kind, name) for name in dict.fromkeys(names.values())]
    else:
        words = known.map(_word)
        frequent = words.value_counts()
        frequent = frequent[frequent >= FEWEST_ROWS]
        shown = list(frequent.index[: MOST_GROUPS - 1 if len(frequent) > MOST_GROUPS else MOST_GROUPS])
        own = words.isin(shown)
        kinds[known.index] = np.where(own, "value", "others")
        labels[known.index] = np.where(own, words, "")
        order = [("value", str(name)) for name in shown]
        order += [("others", "")] if not own.all() else []
    return kinds, labels, order + ([("missing", "")] if missing.any() else [])


def _range(values: pd.Series) -> str:
    low, high = _word(values.min()), _word(values.max())
    return low if low == high else f"{low} – {high}"


def _word(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.6g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _score(
    rows: pd.DataFrame, task: Task, metric: str, classes: list[str], seed: int, resamples: int
) -> Interval | None:
    if rows.empty:
        return None
    if metric == "accuracy":
        return share_interval(int((rows["truth"] == rows["prediction"]).sum()), len(rows))
    columns = [f"probability_{label}" for label in classes]
    likely = rows[columns].to_numpy(dtype=float) if classes and set(columns) <= set(rows.columns) else None
    truth, said = rows["truth"].to_numpy(), rows["prediction"].to_numpy()
    return score(task, truth, said, likely, classes, seed=seed, resamples=resamples).get(metric)


def share_interval(hits: int, n: int) -> Interval:
    """A share with its 95 % interval, honest also for few rows: 8 of 8 is 1.00 (0.68 to 1.00).

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    share = hits / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    reach = Z95 / (1 + Z95**2 / n) * (share * (1 - share) / n + Z95**2 / (4 * n**2)) ** 0.5
    return Interval(mean=share, low=min(share, max(0.0, centre - reach)), high=max(share, min(1.0, centre + reach)))
