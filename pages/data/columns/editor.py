"""Every column in a table to edit: its role, what its cells are read as, gaps, spread, the reason for its role."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import streamlit as st

from core.catalog import Role
from core.data.schema import Column, ColumnReport
from core.messages import clip
from core.workspace import DatasetRow
from pages.data.columns import kinds, layout_words, overview
from pages.shared import state
from pages.shared.i18n import _, language, t

EXAMPLES = 3


def role_names() -> dict[Role, str]:
    """Roles as people call them."""
    return {
        "target": _("target"), "text": _("text"), "number": _("number"), "category": _("category"),
        "date": _("date"), "id": _("id, left out"), "ignored": _("left out"),
    }  # fmt: skip


def draw(row: DatasetRow) -> None:
    """Every column with its role, which can be changed in place; below, what its cells are read as."""
    names = role_names()
    frame = _lines(row.id, f"{overview.version(row.id)}-{state.report_version(row.id)}", language())
    key = f"roles-{row.id}-{overview.version(row.id)}"
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
            overview.set_role(dataset, schema.columns[int(place)].name, role)
