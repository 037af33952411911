"""The columns of a table as the user sees and changes them: the target, and what was left out or looks suspicious."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.catalog import TASKS, Role
from core.data import overrides
from core.data.schema import Column, Schema
from core.messages import AmalgamError
from core.workspace import DatasetRow
from pages.data.columns import cells
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain, short
from pages.shared.runs import starting

MOST_MARKED = 8


def version(dataset: str) -> str:
    """Changes with every change of the schema, so that an editor starts afresh."""
    return str((state.folder(dataset) / "schema.json").stat().st_mtime_ns)


def target(row: DatasetRow, schema: Schema) -> None:
    """What to predict, and what kind of task that makes."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    names = [column.name for column in schema.columns]
    key = f"target-{row.id}-{version(row.id)}"
    left.selectbox(
        _("Predict"),
        names,
        names.index(schema.target) if schema.target in names else None,
        placeholder=_("choose the column to predict"),
        key=key,
        on_change=_set_target,
        args=(row.id, key),
    )
    if schema.target and schema.task:
        task_key = f"task-{row.id}-{version(row.id)}"
        right.segmented_control(
            _("as"),
            list(TASKS),
            default=schema.task,
            required=True,
            format_func=lambda task: t(TASKS[task]),
            key=task_key,
            on_change=_set_task,
            args=(row.id, task_key),
        )


def _set_target(dataset: str, key: str) -> None:
    _changing(lambda: overrides.set_target(state.folder(dataset), st.session_state[key]))


def _set_task(dataset: str, key: str) -> None:
    if task := st.session_state[key]:
        _changing(lambda: overrides.set_task(state.folder(dataset), task))


def set_role(dataset: str, column: str, role: Role) -> None:
    """Give a column another role."""
    _changing(lambda: overrides.change(state.folder(dataset), column, role))


def _changing(change: Any) -> None:
    try:
        change()
    except AmalgamError as error:
        starting.show_error(error)


def marked(row: DatasetRow, schema: Schema) -> None:
    """Each marked column with its reason and one click that decides otherwise; then those read with a doubt."""
    columns = [column for column in schema.columns if column.code and column.role != "target"]
    for column in columns[:MOST_MARKED]:
        _mark(row, column)
    if len(columns) > MOST_MARKED:
        st.caption(
            _n(
                "{n} more is marked in the table below.",
                "{n} more are marked in the table below.",
                len(columns) - MOST_MARKED,
            ).format(n=len(columns) - MOST_MARKED)
        )
    cells.draw(row, schema)


def _mark(row: DatasetRow, column: Column) -> None:
    out = column.role in {"id", "ignored"}
    state_word = _("left out") if out else _("kept")
    with st.container(border=True):
        words, button = st.columns([6, 1], vertical_alignment="center")
        text = _("**{column}** ({state}): {words}")
        words.markdown(text.format(column=short(column.name, 40), state=state_word, words=plain(t(column.reason))))
        button.button(
            _("Keep it") if out else _("Leave out"),
            key=f"mark-{row.id}-{column.name}",
            on_click=_keep if out else _leave_out,
            args=(row.id, column),
            width="stretch",
        )


def _keep(dataset: str, column: Column) -> None:
    _changing(lambda: overrides.keep(state.folder(dataset), column.name))


def _leave_out(dataset: str, column: Column) -> None:
    set_role(dataset, column.name, column.guessed if column.guessed in {"id", "ignored"} else "ignored")


def summary(schema: Schema) -> str:
    """How many columns take part, in words."""
    used = schema.names("text", "number", "category", "date")
    left = schema.names("id", "ignored")
    words = _("Columns that take part: {n}").format(n=numbers.count(len(used)))
    if left:
        words = _("{used}, left out: {n}").format(used=words, n=numbers.count(len(left)))
    return _("{facts}.").format(facts=words)
