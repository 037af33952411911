"""A candidate's score within parts of the table: by values of a category, ranges of a number, lengths of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.catalog import Task
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.scores import score
from core.results.comparison import Interval

MOST_GROUPS = 12
FEWEST_ROWS = 5  # smaller values are put together with the rest: their own score would say nothing
RANGES = 4
Kind = Literal["value", "range", "length", "others", "missing"]


@dataclass(frozen=True)
class Group:
    """Some held-out rows that have something in common."""

    kind: Kind
    label: str  # the value, or the range as it is written
    n_rows: int  # of the table; one that was held out several times counts once
    score: Interval | None  # None: the score is not defined on these rows


def by_group(
    held: pd.DataFrame,
    values: pd.Series,
    task: Task,
    metric: str,
    classes: list[str],
    *,
    text: bool = False,
    inflation: float = 1.0,
    positive: str = "",
) -> list[Group]:
    """Score a candidate within each group, with a 95 % interval that repeated folds don't narrow.

    Rows of one unit of drawing go together here, too; a group that is all of one unit is seen by its rows.

    Parameters
    ----------
    held : DataFrame, n rows
        The candidate's held-out predictions; without a column ``unit`` each row is drawn alone.
    values : Series, n values
        What the rows are grouped by, in their order.
    text : bool
        Group by the number of characters.
    inflation : float
        `Comparison.inflation`.
    positive : str
        The class that two-class scores speak of: the same in every group.

    Returns
    -------
    list of Group
        Ranges in order, values by their frequency, then the others and the rows without a value.
    """
    kinds, labels, order = _labels(values, text, ~held["row"].duplicated().to_numpy())
    found = []
    sampling = sampling_of(held, inflation)
    for kind, label in order:
        chosen = (kinds == kind) & (labels == label)
        rows = held[chosen]
        mean = _score(rows, task, metric, classes, sampling.among(chosen), positive)
        found.append(Group(kind, label, rows["row"].nunique(), mean))
    return found


def _labels(values: pd.Series, text: bool, first: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[tuple[Kind, str]]]:
    """The kind and label of each row's group, and all groups in the order they are shown.

    first: bool, shape (n,): whether the row was not held out before; values are counted there.
    """
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
        frequent = words[first[words.index]].value_counts()
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
    rows: pd.DataFrame, task: Task, metric: str, classes: list[str], sampling: Sampling, positive: str
) -> Interval | None:
    if rows.empty:
        return None
    columns = [f"probability_{label}" for label in classes]
    likely = rows[columns].to_numpy(dtype=float) if classes and set(columns) <= set(rows.columns) else None
    truth, said = rows["truth"].to_numpy(), rows["prediction"].to_numpy()
    return score(task, truth, said, likely, classes, sampling=sampling, positive=positive).get(metric)


def sampling_of(held: pd.DataFrame, inflation: float = 1.0) -> Sampling:
    """How the rows of a ``predictions.parquet`` came about; in runs from before there were units each is drawn alone.

    inflation: `Comparison.inflation`.
    """
    rows = held["row"].to_numpy()
    return Sampling(rows, held["unit"].to_numpy() if "unit" in held else rows, inflation)
