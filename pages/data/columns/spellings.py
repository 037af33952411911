"""Columns with values that differ only in case or blanks: what they are, and one click that makes each value one."""

from __future__ import annotations

import streamlit as st

from core.data.schema import Report, Schema
from core.workspace import DatasetRow
from pages.data.columns import rereading
from pages.shared import state
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short

MOST_SHOWN = 8


def draw(row: DatasetRow, schema: Schema, report: Report) -> None:
    """Each such column, and those that were merged, with the click that takes it back."""
    found = {one.column: one for one in report.findings if one.code == "spellings"}
    merged = _merged(row)
    busy = bool(found or merged) and rereading.is_being_read(row)
    for name, finding in list(found.items())[:MOST_SHOWN]:
        column = schema.column(name)
        words = plain(f"{t(finding.message)} {t(finding.action)}".strip())
        if _line(f"**{short(name, 40)}**: {words}", _("Merge them"), f"merge-{row.id}-{name}", busy):
            _read(row, [*merged, (column.source if column else "") or name])
    for name in merged:
        words = _("Values that differed only in case or blanks were merged.")
        if _line(f"**{short(name, 40)}**: {words}", _("Undo"), f"unmerge-{row.id}-{name}", busy):
            _read(row, [other for other in merged if other != name])


def _merged(row: DatasetRow) -> list[str]:
    reading = state.reading(row.id)
    return list(reading.options.one_spelling) if reading and reading.options else []


def _line(words: str, label: str, key: str, busy: bool) -> bool:
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.markdown(words)
        return right.button(label, key=key, disabled=busy, width="stretch")


def _read(row: DatasetRow, names: list[str]) -> None:
    if rereading.read_with(row, one_spelling=names):
        st.rerun()
