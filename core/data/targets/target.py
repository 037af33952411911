"""The column to predict: which one it probably is, what task it makes, and whether it can be predicted at all."""

from __future__ import annotations

import re

import pandas as pd

from core.catalog import Task
from core.messages import UnusableData, _

_TARGET_NAMES = re.compile(
    r"(^|[_\s.])(label|labels|target|class|category|sentiment|outcome|survived|churn|churned|y|spam|priority|"
    r"is_spam|is_fraud|fraud|default|rating|score|stars|failure|diagnosis|disease|polarity|imdb_score|quality|"
    r"标签|类别|情感|评分)$",
    re.IGNORECASE,
)
MAX_CLASSES = 200
_LOOKS_LIKE_A_NUMBER = re.compile(r"^\s*+[-+]?[.,]?\d[\d\s.,']*+(e[-+]?\d++)?\s*+%?\s*+$", re.IGNORECASE)
_LIST_MARKS = "|;,"


def suggest(names: list[str]) -> str | None:
    """The column whose name says that it is the target, if exactly one does.

    names: of the table's columns that may be one

    Examples
    --------
    >>> suggest(["age", "label"]), suggest(["x1", "y"]), suggest(["x", "y", "Severity"])
    ('label', 'y', None)
    """
    coordinates = {name.strip().lower() for name in names} >= {"x", "y"}
    plain = [
        name
        for name in names
        if _TARGET_NAMES.search(name.strip()) and not (coordinates and name.strip().lower() == "y")
    ]
    exact = [name for name in plain if _TARGET_NAMES.fullmatch(name.strip())]
    for found in (exact, plain):
        if len(found) == 1:
            return found[0]
    return None


def guess_task(values: pd.Series) -> Task | None:
    """What kind of task a column makes as a target; None if it can't be one."""
    values = values.dropna()
    n_distinct = int(values.nunique())
    if n_distinct < 2 or pd.api.types.is_datetime64_any_dtype(values):
        return None
    if pd.api.types.is_bool_dtype(values):
        return "binary"
    if pd.api.types.is_numeric_dtype(values):
        if n_distinct == 2:
            return "binary"
        whole = bool((values == values.round()).all())
        if not whole or n_distinct > 20 or n_distinct > 0.2 * len(values):
            return "regression"
        return "multiclass"
    return "binary" if n_distinct == 2 else "multiclass"


def check_target(values: pd.Series, name: str, task: Task | None = None) -> Task:
    """The task this target makes, if it can be predicted.

    Raises
    ------
    UnusableData
        One class, nothing filled in, several labels in a cell, free text, a date, too many classes, or too few rows.
    """
    filled = values.dropna()
    if len(filled) == 0:
        raise UnusableData(
            _("“{column}” is empty in every row, so there is nothing to learn from."),
            _("Choose another target."),
            column=name,
        )
    if filled.nunique() == 1:
        raise UnusableData(
            _("“{column}” has the same value in every row ({value}), so there is nothing to tell apart."),
            _("Choose another target, or add rows of another class."),
            column=name,
            value=str(filled.iloc[0])[:60],
        )
    if pd.api.types.is_datetime64_any_dtype(filled):
        raise UnusableData(
            _("“{column}” holds dates; predicting a date is not supported."),
            _("Choose a category or a number as the target."),
            column=name,
        )
    if pd.api.types.is_numeric_dtype(filled):
        return _checked_numbers(filled, name, task)
    _check_words(filled.astype(str), name, task)
    return "binary" if filled.nunique() == 2 else "multiclass"


def several_labels(name: str, mark: str) -> UnusableData:
    """What to say of cells that hold several labels: what they are, and what can be done."""
    return UnusableData(
        _("“{column}” holds several labels in one cell, separated by “{mark}”; only one per row is supported."),
        _("Predict whether a cell holds one of them, or keep one label per row."),
        column=name,
        mark=mark,
    )


def list_mark(counts: pd.Series) -> str:
    """The character that joins several labels in one cell, if the pieces are a small set that recurs in many mixes."""
    values = counts.index.astype(str)
    for mark in _LIST_MARKS:
        mixed = [value for value in values if mark in value]
        if len(mixed) < 2 or len(mixed) < 0.2 * len(values):
            continue
        pieces = [piece.strip() for value in values for piece in value.split(mark)]
        short = all(len(piece.split()) <= 3 for piece in pieces)
        if short and len(set(pieces)) < len(values) and len(set(pieces)) < 0.7 * len(pieces):
            return mark
    return ""


def _checked_numbers(filled: pd.Series, name: str, task: Task | None) -> Task:
    guessed = guess_task(filled)
    chosen = task or guessed or "regression"
    n_distinct = int(filled.nunique())
    if chosen == "regression":
        return chosen
    if n_distinct > MAX_CLASSES:
        raise _too_many(name, n_distinct)
    return "binary" if n_distinct == 2 else "multiclass"


def _check_words(words: pd.Series, name: str, task: Task | None) -> None:
    counts = words.value_counts()
    if task == "regression":
        raise _no_numbers(counts, name)
    if mark := list_mark(counts):
        raise several_labels(name, mark)
    n_distinct = len(counts)
    if n_distinct > 20 and n_distinct > 0.5 * len(words):
        raise UnusableData(
            _("“{column}” has {n} different values in {rows} rows: it is free text, not a class."),
            _("Choose a column with few values that repeat, or a number."),
            column=name,
            n=n_distinct,
            rows=len(words),
        )
    if n_distinct > MAX_CLASSES:
        raise _too_many(name, n_distinct)


def _no_numbers(counts: pd.Series, name: str) -> UnusableData:
    """What to say of a column of text that is to be predicted as a number; a number in it is not called a word."""
    words = [value for value in counts.index.astype(str) if not _LOOKS_LIKE_A_NUMBER.match(value)]
    if words:
        return UnusableData(
            _("“{column}” holds words such as “{value}”; only numbers can be predicted as a number."),
            _("Choose a task with classes, or another target."),
            column=name,
            value=words[0][:60],
        )
    return UnusableData(
        _("The numbers in “{column}”, such as “{value}”, were read as text: they may be names, or have two meanings."),
        _("Write them without zeros in front and without marks between thousands, with a point for decimals."),
        column=name,
        value=str(counts.index[0])[:60],
    )


def _too_many(name: str, n_distinct: int) -> UnusableData:
    return UnusableData(
        _("“{column}” has {n} classes; at most {most} are supported."),
        _("Merge rare classes into one, or choose another target."),
        column=name,
        n=n_distinct,
        most=MAX_CLASSES,
    )
