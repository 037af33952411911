"""What can be done about a target that is hard to learn as it stands: rare classes, a long tail, several labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.catalog import Task
from core.data.roles.columns import shown
from core.data.schema import Finding, Schema
from core.data.targets.target import check_target, guess_task, several_labels
from core.data.targets.transformed import known_labels, mark_of, recast, settled, staying, without_rare
from core.messages import UnusableData, _, _n, clip, say
from core.plan import TargetAs

CODES = ("rare_classes", "skewed", "several_labels")
SKEWED = 2.0  # from this skewness on; an exponential distribution has it
MOST_NAMED = 5  # classes in a sentence
RARE_SHARE = 0.5  # of the rows: where more are of rare classes, the column is none of classes


def find(values: pd.Series, schema: Schema) -> list[Finding]:
    """What is offered about the target, and not chosen yet.  values: of its rows"""
    filled, name, how = values.dropna(), str(schema.target), schema.target_as
    if how.way == "" and not how.rare and (several := _several_labels(filled, schema)) is not None:
        return [several]
    if how.way == "" and schema.task == "regression":
        return [found for found in [_skewed(filled, name)] if found is not None]
    if how.way == "" and not how.rare and schema.task not in {None, "regression"}:
        return [found for found in [_rare_classes(filled, name)] if found is not None]
    return []


def as_chosen(values: pd.Series, schema: Schema) -> pd.Series:
    """The target's cells as the schema's choice has them.

    Raises
    ------
    UnusableData, UnknownChoice
        They do not fit it any more.
    """
    how, name = schema.target_as, str(schema.target)
    if how == TargetAs():
        return values
    column = schema.column(name)
    made = recast(values, settled(how, values, name, column.layout if column else None))
    if not how.rare:
        return made
    labels = _labels(made)
    kept = staying(labels, how)
    if not kept:
        raise none_left(name, how)
    return without_rare(labels, how, kept)


def with_target_as(schema: Schema, values: pd.Series, how: TargetAs) -> Schema:
    """A schema with another choice, settled by its target's cells, and the task that this makes.

    Raises
    ------
    UnusableData, UnknownChoice
        The choice does not fit the target's cells.
    """
    name = str(schema.target)
    column = schema.column(name)
    how = settled(how, values, name, column.layout if column else None)
    made = schema.model_copy(update={"target_as": how})
    task: Task | None
    if how.way == "log":
        task = check_target(values, name, "regression")
    elif how == TargetAs():
        task = "regression" if schema.target_as.way == "log" else guess_task(values)
    else:
        task = check_target(as_chosen(values, made), name, made.task_of_cells)
    return made.model_copy(update={"task": task})


def none_left(name: str, how: TargetAs) -> UnusableData:
    """What to say where every class is rare."""
    return UnusableData(
        _("Every class of “{column}” has fewer than {least} rows, so none would be left."),
        _("Ask for fewer rows of each class, or choose another target."),
        column=name,
        least=how.rare_below,
    )


def _labels(values: pd.Series) -> pd.Series:
    made = pd.Series([shown(value) for value in values.tolist()], index=values.index, name=values.name, dtype=object)
    return made.where(values.notna(), None)


def _several_labels(filled: pd.Series, schema: Schema) -> Finding | None:
    name = str(schema.target)
    column = schema.column(name)
    if pd.api.types.is_numeric_dtype(filled) or pd.api.types.is_datetime64_any_dtype(filled):
        return None
    mark = mark_of(filled.astype(str), column.layout if column else None)
    if not mark:
        return None
    said = several_labels(name, mark)
    labels = known_labels(filled, column.layout if column else None)
    return Finding(
        code="several_labels",
        column=name,
        severity="warning",
        message=said.message,
        action=said.hint,
        flags=["--target-as label:NAME"],
        choices=labels,
    )


def _skewed(filled: pd.Series, name: str) -> Finding | None:
    if not pd.api.types.is_numeric_dtype(filled) or pd.api.types.is_bool_dtype(filled) or len(filled) < 20:
        return None
    numbers = filled.to_numpy(dtype=float)
    with np.errstate(all="ignore"):
        skew = float(pd.Series(numbers / max(float(np.abs(numbers).max()), np.finfo(float).tiny)).skew())
    if not skew > SKEWED:
        return None
    text = _(
        "“{column}” has a long tail: half of the rows are up to {middle:,.6g}, the largest is {most:,.6g}. A few large "
        "values decide the scores."
    )
    low = float(numbers.min())
    log = say(_("Its logarithm, or ranges, may be learned better."))
    ranges = say(_("Ranges may be learned better."))
    return Finding(
        code="skewed",
        column=name,
        message=say(text, column=name, middle=float(np.median(numbers)), most=float(numbers.max())),
        action=log if low >= 0 else ranges,
        flags=["--target-as log", "--target-as bins:4"] if low >= 0 else ["--target-as bins:4"],
        choices=["log", "bins"] if low >= 0 else ["bins"],
    )


def _rare_classes(filled: pd.Series, name: str) -> Finding | None:
    how = TargetAs(rare="merge")
    labels = _labels(filled)
    counts = labels.value_counts()
    rare = counts[counts < how.rare_below]
    if rare.empty or rare.sum() > RARE_SHARE * len(labels) or len(counts) - len(rare) < 2:
        return None
    text = _n(
        "{n} class of “{column}” has fewer than {least} rows: {labels}. Each of five folds needs a row of it.",
        "{n} classes of “{column}” have fewer than {least} rows each: {labels}. Each of five folds needs one of each.",
    )
    return Finding(
        code="rare_classes",
        column=name,
        severity="warning",
        message=say(
            text,
            n=len(rare),
            column=name,
            least=how.rare_below,
            labels=[f"{clip(str(label), 40)} ({n})" for label, n in rare.head(MOST_NAMED).items()],
        ),
        action=say(_("Leave their rows out, or merge them into one class.")),
        flags=["--rare drop", "--rare merge:NAME"],
    )
