"""All tables of this person: open, rename, replace, delete; and the space they use."""

from __future__ import annotations

import streamlit as st

from core.jobs.housekeeping import delete_dataset, delete_everything
from core.workspace import DatasetRow, folder_bytes
from pages.data import add
from pages.shared import numbers, state
from pages.shared.datetimes import when
from pages.shared.i18n import _, _n
from pages.shared.markup import short
from pages.shared.runs import starting
from pages.shared.session import current


def draw() -> None:
    """The list, and the cache below it."""
    rows = state.workspace().datasets(state.owner())
    if not rows:
        st.caption(_("There are no tables yet."))
    chosen = current.dataset()
    for row in rows:
        _entry(row, is_open=chosen is not None and row.id == chosen.id)
    _cache()
    _everything()


def _entry(row: DatasetRow, *, is_open: bool) -> None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{short(row.name, 80)}**")
            facts = _("{rows}, {columns}, {size}, {when}")
            st.caption(
                facts.format(
                    rows=numbers.rows(row.n_rows),
                    columns=numbers.columns(row.n_columns),
                    size=numbers.megabytes(folder_bytes(state.folder(row.id)) / 1e6),
                    when=when(row.created),
                )
            )
        if is_open:
            st.badge(_("open"), color="blue")
        else:
            st.button(_("Open"), key=f"open-{row.id}", on_click=open_dataset, args=(row.id,))
        _rename(row)
        _replace(row)
        _delete(row)


def open_dataset(dataset: str) -> None:
    """Work on this table, and look at it."""
    current.choose_dataset(dataset)
    show_table()


def show_table() -> None:
    """Turn the Data page to the current table."""
    st.session_state[starting.VIEW] = "table"


def _rename(row: DatasetRow) -> None:
    with st.popover(_("Rename"), key=f"rename-{row.id}"):
        name = st.text_input(_("New name"), row.name, max_chars=120, key=f"name-{row.id}")
        if st.button(_("Rename"), key=f"rename-ok-{row.id}", disabled=not name.strip()):
            state.workspace().rename_dataset(row.id, state.owner(), name)
            st.rerun()


def _replace(row: DatasetRow) -> None:
    if st.button(_("Replace"), key=f"replace-{row.id}", help=_("Read other files in its place; its name stays.")):
        _replace_dialog(row)


def _replace_dialog(row: DatasetRow) -> None:
    @st.dialog(_("Replace this table"), width="large")
    def dialog() -> None:
        st.text(row.name)
        st.caption(_("Runs made from the old table stay, and say that they are older."))
        if add.draw(f"replace-{row.id}", replace=row.id, name=row.name):
            show_table()
            st.rerun()

    dialog()


def _delete(row: DatasetRow) -> None:
    with st.popover(_("Delete"), key=f"delete-{row.id}"):
        n_runs = len(state.workspace().runs(state.owner(), row.id))
        st.markdown(
            _n(
                "This deletes the table, the {n} run made from it, and all scored files and explanations, for good.",
                "This deletes the table, the {n} runs made from it, and all scored files and explanations, for good.",
                n_runs,
            ).format(n=n_runs)
        )
        if st.button(_("Delete it"), key=f"delete-ok-{row.id}", type="primary"):
            delete_dataset(state.workspace(), row.id, state.owner())
            state.record("delete", row.id)
            st.rerun()


def _cache() -> None:
    used = folder_bytes(state.workspace().cache_folder) / 1e6
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _("Kept text encodings use {size}. They are made again when needed.").format(size=numbers.megabytes(used))
        )
        st.button(_("Clear the cache"), key="clear-cache", disabled=used == 0, on_click=_clear)


def _everything() -> None:
    with st.popover(_("Delete everything of mine"), icon=":material/delete_forever:", key="delete-everything"):
        st.markdown(
            _("This deletes all your tables, runs, models, written texts and uploads, and ends your jobs, for good.")
        )
        if st.button(_("Delete everything"), key="delete-everything-ok", type="primary"):
            delete_everything(state.workspace(), state.owner())
            state.record("delete", "everything")
            st.rerun()


def _clear() -> None:
    state.workspace().clear_cache()
