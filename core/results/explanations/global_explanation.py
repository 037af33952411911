"""What a candidate looks at over many rows, as data: ``whole.json``, and ``whole_rows.parquet`` beside it.

``whole_rows.parquet`` has a line per explained row, class and column: ``row`` (its place in the table), ``label``
(the class; "" for a regression), ``called`` (whether the model calls the row so), ``column``, ``effect`` (the Shapley
value), ``base`` and ``output`` (base + the row's effects = output), ``number`` (the cell of a number; days since 1970
of a date) and ``word`` (the cell of a category, how a text begins). Light: pages read it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import BaseModel

from core.job_params import Condition
from core.messages import Message
from core.results.comparison import Interval
from core.results.explanations.rows import Output


class Importance(BaseModel):
    """How much one column matters over many rows."""

    name: str
    value: Interval


class WordEffect(BaseModel):
    """A word's mean effect over the explained rows it occurs in."""

    column: str
    label: str = ""  # the class it was opened for
    text: str
    n_rows: int
    value: float
    rows: list[int] = []  # places in the table of the first of them


class Pair(BaseModel):
    """How much two columns do together that neither does alone: the Shapley interaction index over many rows."""

    label: str = ""  # class; "": the one each row was called, or a regression
    first: str
    second: str
    size: Interval  # of the mean absolute index
    mean: float


class WholeExplanation(BaseModel):
    """What a candidate looks at over many rows (``whole.json``)."""

    run: str
    candidate: str
    output: Output = "probability"
    unit: str
    background_rows: int
    n_rows: int
    classes: list[str] = []
    shapley: list[Importance] = []  # mean absolute Shapley value per source column, for what each row was called
    exact: bool = True  # every coalition of columns was tried
    permutation: list[Importance] = []  # loss of the ranking metric when the column is shuffled
    permutation_metric: str = ""
    permutation_unseen: bool = False  # measured on rows the model has not learned from: those of a test file
    pairs: list[Pair] = []
    pair_columns: list[str] = []  # the columns among which pairs were looked at
    pair_rows: int = 0
    effects: list[str] = []  # columns with partial dependence in ``effects.parquet``
    words: list[WordEffect] = []
    word_rows: int = 0  # rows whose texts were opened into words
    word_learned: bool = False  # beginning with what a network had learned about this model
    seconds: float = 0.0
    warnings: list[Message] = []


class Cohort(BaseModel):
    """The columns ranked over the rows that meet a condition (``cohort.json``)."""

    run: str
    candidate: str
    output: Output = "probability"
    where: Condition
    n_rows: int
    shapley: list[Importance] = []
    seconds: float = 0.0


def of_class(rows: pd.DataFrame, label: str | None) -> pd.DataFrame:
    """The lines about one class; None: about the class each row was called."""
    return rows[rows["called"]] if label is None else rows[rows["label"] == label]


def ranked(rows: pd.DataFrame) -> list[Importance]:
    """Mean absolute Shapley value per column, largest first, with the 95 % interval of the mean over rows.

    rows: lines of ``whole_rows.parquet`` about one class per row.
    """
    sizes = rows["effect"].abs().groupby(rows["column"], sort=False).agg(["mean", "std", "count"])
    found = []
    for name, mean, deviation, n in sizes.itertuples(name=None):
        reach = 1.96 * deviation / np.sqrt(n) if n > 1 else 0.0
        value = Interval(mean=float(mean), low=float(max(0.0, mean - reach)), high=float(mean + reach))
        found.append(Importance(name=str(name), value=value))
    return sorted(found, key=lambda one: -one.value.mean)


def shares(entries: list[Importance]) -> dict[str, float]:
    """Each column's part of all movement, 0 to 1, in the same order."""
    total = sum(entry.value.mean for entry in entries)
    return {entry.name: entry.value.mean / total if total else 0.0 for entry in entries}
