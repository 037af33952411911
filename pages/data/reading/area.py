"""Where the table lies in its file: the raw rows to click on, and which of them are the header and the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from core.data.schema import Reading
from core.data.table_area import raw_rows
from core.data.table_area.notes import ranges
from core.data.table_area.raw_rows import Preview
from pages.data.reading import where
from pages.shared.i18n import _
from pages.shared.markup import plain

MOST_COLUMNS = 20  # of the raw rows
WIDE = {"csv", "excel", "paste", "sample"}
Hide = Callable[[Preview], Preview]


def _nothing(rows: Preview) -> Preview:
    return rows


def choose(key: str, path: Path | None, reading: Reading | None, hide: Hide = _nothing) -> dict[str, object]:
    """Header and rows as the user sets them, for `ReadOptions`; nothing while that is left to Amalgam.

    Parameters
    ----------
    path : Path or None
        The file as it was uploaded, if it is there.
    hide : callable, optional
        Puts pseudonyms in the place of cells of masked columns.
    """
    if reading is not None and reading.first_row:
        st.markdown(plain(where.sentence(reading)))
    if path is None or not st.toggle(_("Choose the header and the rows by hand"), key=f"rows-{key}"):
        return {}
    place = f"{key}-{_made_from(reading)}"
    shown = hide(_raw_rows(str(path), path.stat().st_mtime_ns, reading.model_dump_json() if reading else ""))
    selected = _table(shown, place)
    _buttons(selected, place, reading.first_row if reading else 0)
    return _fields(shown, reading, place)


def _made_from(reading: Reading | None) -> str:
    """Fields begin anew once a file was read in another way."""
    if reading is None:
        return "unread"
    return f"{reading.sheet}-{ranges(reading.header_rows)}-{reading.first_row}-{reading.last_row}"


@st.cache_data(max_entries=8, show_spinner=False)
def _raw_rows(path: str, changed: int, known: str) -> Preview:
    return raw_rows.raw_rows(Path(path), Reading.model_validate_json(known) if known else None)


def _table(shown: Preview, place: str) -> list[int]:
    """The raw rows.  →  numbers of those that are ticked"""
    if not shown.rows:
        st.caption(_("The raw rows can't be shown; give the numbers of the rows."))
        return []
    width = min(MOST_COLUMNS, max(len(row.cells) for row in shown.rows))
    columns: dict[str, list[object]] = {_("Row"): [row.line for row in shown.rows]}
    for column in range(width):
        columns[str(column + 1)] = [row.cell(column) for row in shown.rows]
    event = st.dataframe(
        columns,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        height=300,
        key=f"raw-{place}",
    )
    if shown.last:
        st.caption(_("Rows between the first and the last ones are not shown."))
    return [shown.rows[index].line for index in event.selection.rows if index < len(shown.rows)]


def _buttons(selected: list[int], place: str, found: int) -> None:
    """Say what the ticked rows are.  found: where the data begin by what was read, 0 where that is not known"""
    if not selected:
        st.caption(_("Tick rows at their left edge, then say what they are."))
    left, middle, right = st.columns(3)
    for column, what, words, value in (
        (left, "header", _("These rows name the columns"), sorted(selected)),
        (middle, "first", _("The data begin here"), min(selected, default=None)),
        (right, "last", _("The data end here"), max(selected, default=None)),
    ):
        column.button(
            words,
            key=f"take-{what}-{place}",
            on_click=_set,
            args=(what, place, value, found),
            disabled=not selected,
            width="stretch",
        )


def _set(what: str, place: str, value: object, found: int) -> None:
    st.session_state[f"{what}-{place}"] = value
    if what == "header":
        _begin_below(place, found)


def _begin_below(place: str, found: int) -> None:
    """Find out anew where the data begin, if that was found below another header or the header reaches down there."""
    first = st.session_state.get(f"first-{place}")
    if first is not None and (first == found or first <= max(st.session_state[f"header-{place}"], default=0)):
        st.session_state[f"first-{place}"] = None


def _fields(shown: Preview, reading: Reading | None, place: str) -> dict[str, object]:
    """The three choices as they stand, found or set."""
    keys = {what: f"{what}-{place}" for what in ("header", "first", "last")}
    st.session_state.setdefault(keys["header"], list(reading.header_rows) if reading else [])
    st.session_state.setdefault(keys["first"], reading.first_row or None if reading else None)
    st.session_state.setdefault(keys["last"], reading.last_row or None if reading else None)
    lines = _with(st.session_state[keys["header"]], [row.line for row in shown.first])
    left, middle, right = st.columns(3)
    header = left.multiselect(
        _("The header is in row"), lines, key=keys["header"], placeholder=_("no header"),
        on_change=_begin_below, args=(place, reading.first_row if reading else 0),
    )  # fmt: skip
    first = middle.number_input(_("Data from row"), 1, None, step=1, key=keys["first"], placeholder=_("find out"))
    last = right.number_input(_("to row"), 1, None, step=1, key=keys["last"], placeholder=_("find out"))
    rows: dict[str, object] = {"first_row": first, "last_row": last}
    if header or reading is not None:
        rows |= {"header_rows": sorted(header), "header": None}
    return rows


def _with(chosen: Sequence[int], lines: Sequence[int]) -> list[int]:
    return sorted({*chosen, *lines})
