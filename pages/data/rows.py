"""A look at the rows of a table, a page at a time; a click on a cell shows its whole text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from core.data import date_columns, table
from pages.data.days import days
from pages.shared import numbers, state
from pages.shared.i18n import _
from pages.shared.markup import block, short

ROWS = 25
MOST_COLUMNS = 60
LONGEST_CELL = 160  # characters sent to the browser; the whole text comes with a click


@st.fragment
def draw(dataset: str, n_rows: int) -> None:
    """One page of rows, and the cell that was clicked."""
    pages = max(1, -(-n_rows // ROWS))
    number = min(st.session_state.get(f"rows-page-{dataset}", 1), pages)
    rows, shown = _page(state.folder(dataset), state.table_version(dataset), number)
    if shown.shape[1] < rows.shape[1]:
        st.caption(_("The first {n} of {all} columns.").format(n=MOST_COLUMNS, all=numbers.count(rows.shape[1])))
    picked = st.dataframe(
        shown,
        key=f"rows-{dataset}-{number}",
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="–",
        height=min(38 + 35 * len(rows), 400),
    )
    if pages > 1:
        st.pagination(pages, key=f"rows-page-{dataset}")
    _whole_cell(rows, picked.selection.get("cells", []))


@lru_cache(maxsize=32)
def _page(folder: Path, version: int, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One page of rows, whole and as it is sent to the browser; read once per version of the table."""
    rows = table.page(folder, (number - 1) * ROWS, ROWS)
    names = days(folder.name)
    return date_columns.as_dates(rows, names), date_columns.as_dates(clipped(rows.iloc[:, :MOST_COLUMNS]), names)


def clipped(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with long texts cut, numbered from 1."""
    shown = rows.copy()
    for name in shown.columns:
        if pd.api.types.is_string_dtype(shown[name]) or shown[name].dtype == object:
            shown[name] = shown[name].map(_cut, na_action="ignore")
    shown.index = shown.index + 1
    return shown


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"


def _whole_cell(rows: pd.DataFrame, cells: list[tuple[int, str]]) -> None:
    if not cells:
        st.caption(_("Click a cell to read its whole text."))
        return
    place, column = cells[0]
    if place >= len(rows) or column not in rows.columns:
        return
    value = rows[column].iloc[place]
    st.caption(_("Row {n}, {column}").format(n=numbers.count(int(rows.index[place]) + 1), column=short(column)))
    block(_("missing") if pd.isna(value) else str(value), height=220 if len(str(value)) > 600 else None)
