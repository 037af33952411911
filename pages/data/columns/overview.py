"""The columns of a table as the user sees and changes them: target, roles with their reasons, what is left out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from core.catalog import TASKS, Role
from core.data import overrides
from core.data.schema import Column, ColumnReport, Schema
from core.messages import AmalgamError, clip
from core.workspace import DatasetRow
from pages.data.columns import cells, kinds, layout_words
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, language, t
from pages.shared.markup import plain, short
from pages.shared.runs import starting

EXAMPLES = 3
MOST_MARKED = 8


def role_names() -> dict[Role, str]:
    """Roles as people call them."""
    return {
        "target": _("target"), "text": _("text"), "number": _("number"), "category": _("category"),
        "date": _("date"), "id": _("id, left out"), "ignored": _("left out"),
    }  # fmt: skip


def version(dataset: str) -> str:
    """Changes with every change of the schema, so that an editor starts afresh."""
    return str((state.folder(dataset) / "schema.json").stat().st_mtime_ns)


# The target


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


def _set_role(dataset: str, column: str, role: Role) -> None:
    _changing(lambda: overrides.change(state.folder(dataset), column, role))


def _changing(change: Any) -> None:
    try:
        change()
    except AmalgamError as error:
        starting.show_error(error)


# What was left out or looks suspicious


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
    _set_role(dataset, column.name, column.guessed if column.guessed in {"id", "ignored"} else "ignored")


# All columns


def editor(row: DatasetRow) -> None:
    """Every column with its role, which can be changed in place; below, what its cells are read as."""
    names = role_names()
    frame = _lines(row.id, f"{version(row.id)}-{state.report_version(row.id)}", language())
    key = f"roles-{row.id}-{version(row.id)}"
    reading_only = [name for name in frame.columns if name != "role"]
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=reading_only,
        height=min(38 + 35 * len(frame), 460),
        on_change=_edited,
        args=(row.id, key),
        column_config={
            "name": st.column_config.TextColumn(_("Column"), pinned=True),
            "role": st.column_config.SelectboxColumn(_("Role"), options=list(names.values()), required=True),
            "read_as": st.column_config.TextColumn(_("Read as")),
            "examples": st.column_config.TextColumn(_("Examples"), width="medium"),
            "missing": st.column_config.ProgressColumn(_("Missing"), min_value=0, max_value=1, format="percent"),
            "distinct": st.column_config.NumberColumn(_("Different values"), format="localized"),
            "shape": st.column_config.BarChartColumn(_("Spread"), width="small", y_min=0),
            "reason": st.column_config.TextColumn(_("Why this role"), width="large"),
            "plan": st.column_config.TextColumn(_("What training does with gaps"), width="large"),
        },
    )
    if (schema := state.schema(row.id)) is not None:
        kinds.form(row, schema)


@lru_cache(maxsize=32)
def _lines(dataset: str, version: str, language: str) -> pd.DataFrame:
    """One line per column. Made once per change and language."""
    schema, report, names = state.schema(dataset), state.report(dataset), role_names()
    described = {entry.name: entry for entry in report.columns} if report else {}
    n_rows = report.n_rows if report else 0
    columns = schema.columns if schema else []
    return pd.DataFrame([_line(column, described.get(column.name), n_rows, names) for column in columns])


def _line(column: Column, report: ColumnReport | None, n_rows: int, names: dict[Role, str]) -> dict[str, object]:
    line: dict[str, object] = {
        "name": column.name,
        "role": names.get(column.role, column.role),
        "read_as": layout_words.words(column.layout),
        "examples": "", "missing": None, "distinct": None, "shape": [], "reason": t(column.reason), "plan": "",
    }  # fmt: skip
    if report is not None:
        line["examples"] = " · ".join(clip(example, 40) for example in report.examples[:EXAMPLES])
        line["missing"] = report.n_missing / n_rows if n_rows else 0.0
        line["distinct"] = report.n_distinct
        line["shape"] = [n for _low, _high, n in report.histogram] or [n for _value, n in report.top]
        line["plan"] = t(report.missing_plan)
    return line


def _edited(dataset: str, key: str) -> None:
    schema = state.schema(dataset)
    roles = {label: role for role, label in role_names().items()}
    changes = st.session_state[key]["edited_rows"]
    for place, change in changes.items():
        role = roles.get(change.get("role", ""))
        if schema is not None and role is not None:
            _set_role(dataset, schema.columns[int(place)].name, role)


def summary(schema: Schema) -> str:
    """How many columns take part, in words."""
    used = schema.names("text", "number", "category", "date")
    left = schema.names("id", "ignored")
    words = _("Columns that take part: {n}").format(n=numbers.count(len(used)))
    if left:
        words = _("{used}, left out: {n}").format(used=words, n=numbers.count(len(left)))
    return _("{facts}.").format(facts=words)
