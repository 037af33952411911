"""The rows of a comparison with their target as the plan wants it: ranges, one label, without rare classes."""

from __future__ import annotations

import pandas as pd

from core.catalog import Task
from core.data.schema import Schema
from core.data.targets.findings import none_left
from core.data.targets.notes import rare_note, target_note
from core.data.targets.target import guess_task
from core.data.targets.transformed import check_numbers, recast, settled, staying, without_rare
from core.fuse.columns import word
from core.messages import Message, UnusableData, _
from core.plan import Plan, TargetAs


def recast_tables(
    table: pd.DataFrame, test_table: pd.DataFrame | None, schema: Schema, plan: Plan
) -> tuple[pd.DataFrame, pd.DataFrame | None, TargetAs, list[Message]]:
    """Both tables with the target that is predicted, the choice as it was settled, and what there is to say of it.

    All is settled by the rows to train on; those of a test file follow.

    Raises
    ------
    UnusableData, UnknownChoice
        The choice does not fit the target's cells, or the task.
    """
    how, name = plan.target_as, plan.target
    if how == TargetAs():
        return table, test_table, how, []
    _check_task(plan, plan.task or schema.task or guess_task(table[name]))
    column = schema.column(name)
    how = settled(how, table[name], name, column.layout if column else None)
    notes = [note for note in [target_note(how, name)] if note is not None]
    table = table.assign(**{name: recast(table[name], how)})
    if test_table is not None:
        if how.way in {"log", "bins"}:
            check_numbers(test_table[name], name, how)
        test_table = test_table.assign(**{name: recast(test_table[name], how)})
    if how.rare:
        table, test_table, note = _without_rare(table, test_table, how, name)
        notes += [note] if note is not None else []
    return table, test_table, how, notes


def as_predicted(values: pd.Series, how: TargetAs, classes: list[str]) -> pd.Series:
    """Cells of the target as a finished comparison, or its bundle, has them; missing where their rows were left out.

    how: as it was settled; classes: those that were told apart
    """
    made = recast(values, how)
    return without_rare(_labels(made), how, classes) if how.rare else made


def _check_task(plan: Plan, task: Task | None) -> None:
    how, name = plan.target_as, plan.target
    if how.way == "log" and (how.rare or plan.task not in {None, "regression"}):
        raise UnusableData(
            _("The logarithm is for a number, and “{column}” is to be predicted as classes."),
            _("Choose the task regression, or leave the logarithm out."),
            column=name,
        )
    if how.way in {"bins", "label"} and plan.task == "regression":
        raise UnusableData(
            _("Ranges and labels are classes, and “{column}” is to be predicted as a number."),
            _("Leave the task out, or choose one with classes."),
            column=name,
        )
    if how.way == "" and task == "regression":
        raise UnusableData(
            _("“{column}” is predicted as a number, so it has no rare classes."),
            _("Make ranges of it, or choose a task with classes."),
            column=name,
        )


def _without_rare(
    table: pd.DataFrame, test_table: pd.DataFrame | None, how: TargetAs, name: str
) -> tuple[pd.DataFrame, pd.DataFrame | None, Message | None]:
    """Rare classes of the rows to train on, merged or left out; in the test file classes that did not stay are, too."""
    labels = _labels(table[name])
    kept = staying(labels, how)
    gone = labels[labels.notna() & ~labels.isin(kept)]
    if not kept and len(gone):
        raise none_left(name, how)
    if test_table is not None:
        test_table = _kept_rows(test_table, _labels(test_table[name]), how, name, kept)
    n_beside = int((labels == how.other).sum()) if how.other in kept else 0
    note = rare_note(how, name, int(gone.nunique()), len(gone), n_beside)
    return _kept_rows(table, labels, how, name, kept), test_table, note


def _kept_rows(table: pd.DataFrame, labels: pd.Series, how: TargetAs, name: str, kept: list[str]) -> pd.DataFrame:
    """A row without a target stays: it was never of a rare class."""
    made = without_rare(labels, how, kept)
    stays = made.notna() | labels.isna()
    return table.assign(**{name: made})[stays]


def _labels(values: pd.Series) -> pd.Series:
    made = pd.Series([word(value) for value in values.tolist()], index=values.index, name=values.name, dtype=object)
    return made.where(values.notna(), None)
