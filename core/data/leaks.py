"""Columns that give the target away: known only because the answer is known.

A column is judged by how cleanly one of its values, or its order, picks out one class: precision, recall and average
precision over the base rate. Accuracy would hide a leak of a rare class, and a merely strong predictor is no leak.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from core.catalog import Task
from core.messages import Message, _, _n, say

PRECISION = 0.995  # of a value that implies a class
MIN_ROWS = 15  # with that value; fewer can be luck
MAX_CHANCE = 1e-6  # how probable so clean a value would be by luck
SEPARATION = 0.995  # of a number that orders the classes
RANK_CORRELATION = 0.999
MAX_VALUES = 50


def find(sample: pa.Table, target: str, task: Task | None, names: list[str]) -> dict[str, Message]:
    """Columns among `names` that leak, each with its reason.

    Parameters
    ----------
    sample : pyarrow.Table
    names : list of str
        Columns that would take part.
    """
    if task is None:
        return {}
    truth = sample[target].to_pandas()
    known = truth.notna().to_numpy()
    truth = truth[known]
    if len(truth) < 2 * MIN_ROWS:
        return {}
    judge = _near_copy if task == "regression" else _implies
    reasons = {}
    for name in names:
        reason = judge(name, sample[name].to_pandas()[known], truth, target)
        if reason is not None:
            reasons[name] = reason
    return reasons


def _implies(name: str, values: pd.Series, truth: pd.Series, target: str) -> Message | None:
    """A value that almost surely implies a class that is otherwise uncommon, or a column that names the class."""
    classes, code = np.unique(truth.astype(str).to_numpy(), return_inverse=True)
    if _few_values(values):
        return _value_implies(name, values, classes, code, target)
    if pd.api.types.is_numeric_dtype(values):
        return _number_separates(name, values, classes, code, target)
    return None


def _few_values(values: pd.Series) -> bool:
    return bool(values.nunique() <= MAX_VALUES)


def _value_implies(name: str, values: pd.Series, classes: np.ndarray, code: np.ndarray, target: str) -> Message | None:
    shown = values.astype(object).where(values.notna(), None)
    counts = pd.crosstab(shown.fillna("").astype(str).to_numpy(), code)
    table = counts.to_numpy()  # (value, class)
    of_value, of_class = table.sum(axis=1), table.sum(axis=0)
    n_rows = table.sum()
    base = of_class / n_rows
    precision = table / of_value[:, None]
    if _names_the_class(table, of_class):
        return say(
            _("“{column}” and “{target}” say the same: each value goes with one class."), column=name, target=target
        )
    luck = base[None, :] ** table
    clean = (precision >= PRECISION) & (of_value[:, None] >= MIN_ROWS) & (luck <= MAX_CHANCE) & (base[None, :] < 0.5)
    if not clean.any():
        return None
    value, kind = np.unravel_index(np.argmax(np.where(clean, table, -1)), table.shape)
    return say(
        _n(
            "“{column}” is {value} only where “{target}” is {label} ({n} row): known only once the answer is known.",
            "“{column}” is {value} only where “{target}” is {label} ({n} rows): known only once the answer is known.",
        ),
        column=name,
        value=_plain(counts.index[value]),
        target=target,
        label=_plain(classes[kind]),
        n=int(of_value[value]),
    )


def _names_the_class(table: np.ndarray, of_class: np.ndarray) -> bool:
    """Nearly every row's value tells its class, for every class, and classes are told apart."""
    told = table.max(axis=1).sum() / table.sum()
    best = table.argmax(axis=1)
    found = np.array([table[best == kind, kind].sum() for kind in range(table.shape[1])]) / of_class
    return bool(told >= PRECISION and found.min() >= 0.95)


def _number_separates(
    name: str, values: pd.Series, classes: np.ndarray, code: np.ndarray, target: str
) -> Message | None:
    """A number by whose order alone one class comes first, as measured by average precision."""
    numbers = values.to_numpy(dtype=float)
    filled = ~np.isnan(numbers)
    numbers, code = numbers[filled], code[filled]
    for kind in np.unique(code):
        hits = code == kind
        base = hits.mean()
        if hits.sum() < MIN_ROWS or base > 0.5:
            continue
        for sign in (1, -1):
            precision = average_precision(hits, sign * numbers)
            if precision >= SEPARATION:
                return say(
                    _(
                        "“{column}” alone picks out the rows where “{target}” is {label} "
                        "(average precision {precision}, chance {chance}): it probably comes from the answer."
                    ),
                    column=name,
                    target=target,
                    label=_plain(classes[kind]),
                    precision=format(precision, ".3f"),
                    chance=format(base, ".3f"),
                )
    return None


def average_precision(hits: np.ndarray, scores: np.ndarray) -> float:
    """The area under the precision-recall steps; rows with equal scores are taken together.

    hits : bool array, shape (n,) ; scores : float array, shape (n,)
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(hits[order])
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    precision = found[ends] / (ends + 1)
    recall_steps = np.diff(found[ends], prepend=0) / max(found[-1], 1)
    return float((precision * recall_steps).sum())


def _near_copy(name: str, values: pd.Series, truth: pd.Series, target: str) -> Message | None:
    """A number that orders rows just as the target does, or a category within which the target hardly varies."""
    y = truth.to_numpy(dtype=float)
    if pd.api.types.is_numeric_dtype(values):
        x = values.to_numpy(dtype=float)
        filled = ~np.isnan(x)
        if filled.sum() < 2 * MIN_ROWS or len(np.unique(x[filled])) < 10:
            return None
        correlation = rank_correlation(x[filled], y[filled])
        if abs(correlation) < RANK_CORRELATION:
            return None
        return say(
            _("“{column}” rises and falls with “{target}” in nearly every row (rank correlation {r}): a copy of it."),
            column=name,
            target=target,
            r=format(correlation, ".4f"),
        )
    if not _few_values(values) or y.var() == 0:
        return None
    groups = pd.Series(y).groupby(values.fillna("").astype(str).to_numpy())
    within = groups.transform("mean")
    if groups.ngroups < 2 or groups.size().min() < 2 or ((y - within) ** 2).mean() / y.var() > 1 - RANK_CORRELATION:
        return None
    return say(_("Within each value of “{column}”, “{target}” is nearly the same."), column=name, target=target)


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's: Pearson's correlation of the ranks."""
    ranks = pd.DataFrame({"x": x, "y": y}).rank()
    if ranks["x"].std() == 0 or ranks["y"].std() == 0:
        return 0.0
    return float(np.corrcoef(ranks["x"], ranks["y"])[0, 1])


def _plain(value: object) -> str:
    """A value in a sentence: 1.0 as 1, nothing as “empty”."""
    text = str(value)[:60]
    return text.removesuffix(".0") or "—"
