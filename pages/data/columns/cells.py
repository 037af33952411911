"""Columns whose cells were read with a doubt: some became missing, day and month are assumed, or a person said how."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import streamlit as st

from core.data.schema import Column, Layout, Schema
from core.data.values.shown.preview import Assumed, assumed, exchanged
from core.data.values.strings import strings_of
from core.messages import clip
from core.workspace import DatasetRow
from pages.data.columns import layout_words, rereading
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.markup import plain, short

MOST_SHOWN = 8
MOST_WORDS = 3  # of the cells that became missing


def draw(row: DatasetRow, schema: Schema) -> None:
    """Each such column with a sentence, and what can be done about it."""
    reading = state.reading(row.id)
    if reading is None:
        return
    by_hand = reading.options.kinds if reading.options else {}
    shown = [column for column in schema.columns if column.layout and not column.masked]
    columns = {column.source or column.name: column for column in shown}
    doubtful = {name: it for name, it in columns.items() if name in by_hand or (it.layout and _doubtful(it.layout))}
    busy = bool(doubtful) and rereading.is_being_read(row)
    for name, column in list(doubtful.items())[:MOST_SHOWN]:
        _column(row, name, column, name in by_hand, busy)
    more = len(doubtful) - MOST_SHOWN
    if more > 0:
        text = _n("{n} more was read with a doubt.", "{n} more were read with a doubt.", more)
        st.caption(text.format(n=more))


def _doubtful(layout: Layout) -> bool:
    return layout.ambiguous or layout.n_unread > 0


def _column(row: DatasetRow, name: str, column: Column, by_hand: bool, busy: bool) -> None:
    layout = column.layout or Layout()
    example = None if by_hand or not layout.ambiguous else _example(row.id, state.table_version(row.id), name)
    key = f"{row.id}-{name}"
    with st.container(border=True):
        words, buttons = st.columns([6, 2], vertical_alignment="center")
        text = _("**{column}** ({state}): {words}")
        said = _sentence(layout, by_hand, example)
        words.markdown(text.format(column=short(name, 40), state=_state(by_hand, layout), words=said))
        with buttons:
            if example is not None:
                _ask(row, name, layout, example, busy)
            elif by_hand:
                _button(_("Undo"), f"undo-kind-{key}", partial(rereading.read_as_found, row, name), busy)
            elif layout.n_unread:
                _button(_("Keep as text"), f"as-text-{key}", partial(rereading.read_as, row, name, "text"), busy)


def _state(by_hand: bool, layout: Layout) -> str:
    if by_hand:
        return _("set by hand")
    return _("assumed") if layout.ambiguous else _("read in part")


def _sentence(layout: Layout, by_hand: bool, example: Assumed | None) -> str:
    parts = []
    if example is not None:
        text = _("“{cell}” was read as {read}.")
        parts.append(text.format(cell=short(example.cell, 30), read=plain(layout_words.value(example.read, layout))))
    elif by_hand or not layout.n_unread:
        parts.append(_("It is read as: {kind}.").format(kind=short(layout_words.words(layout), 80)))
    if layout.n_unread:
        text = _n(
            "{n} cell that holds something else became missing: {examples}.",
            "{n} cells that hold something else became missing: {examples}.",
            layout.n_unread,
        )
        cells = " · ".join(clip(word, 30) for word in layout.unread[:MOST_WORDS])
        parts.append(text.format(n=numbers.count(layout.n_unread), examples=plain(cells)))
    return " ".join(parts)


def _ask(row: DatasetRow, name: str, layout: Layout, example: Assumed, busy: bool) -> None:
    """Which of two readings is right; either answer settles the other columns of the file, too."""
    key, otherwise = f"{row.id}-{name}", plain(layout_words.value(example.otherwise, layout))
    other = partial(rereading.read_as, row, name, layout.kind, exchanged(layout))
    _button(_("It is {value}").format(value=otherwise), f"other-{key}", other, busy)
    _button(_("It is right"), f"right-{key}", partial(rereading.read_as, row, name, layout.kind, layout), busy)


def _button(label: str, key: str, read: Callable[[], bool], busy: bool) -> None:
    if st.button(label, key=key, disabled=busy, width="stretch") and read():
        st.rerun()


@lru_cache(maxsize=64)
def _example(dataset: str, version: int, name: str) -> Assumed | None:
    """A cell that can be read in two ways, looked for once per version of the table."""
    reading = state.reading(dataset)
    layout = reading.layouts.get(name) if reading else None
    return assumed(strings_of(state.folder(dataset) / "table.parquet", name), layout) if layout else None
