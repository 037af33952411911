"""Personal data in columns that take part: what was found, and the clicks that mask it, leave it out or let it stay."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.data import overrides
from core.data.personal.patterns import KINDS
from core.data.schema import Column, Personal, Schema
from core.messages import AmalgamError
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, listed
from pages.shared.markup import plain, short
from pages.shared.runs import starting

Choice = Literal["", "mask", "stay"]
MOST = 8


def draw(row: DatasetRow, schema: Schema) -> None:
    """A card for each such column, until it is said that it may stay."""
    found = [
        (column, column.personal)
        for column in schema.columns
        if column.personal is not None and column.role not in {"id", "ignored", "target"}
    ]
    for column, personal in found[:MOST]:
        if personal.choice != "stay":
            _card(row, column, personal)
    if len(found) > MOST:
        st.caption(_("Personal data in more columns: {names}.").format(names=_names(found[MOST:])))


def _names(found: list[tuple[Column, Personal]]) -> str:
    return plain(listed(short(column.name, 40) for column, _personal in found))


def _card(row: DatasetRow, column: Column, personal: Personal) -> None:
    with st.container(border=True, key=f"personal-{row.id}-{column.name}"):
        st.markdown(f"**{short(column.name, 40)}**: {plain(_counted(personal))}")
        with st.container(horizontal=True):
            if personal.choice == "mask":
                st.markdown(_masked(personal), width="stretch")
                _button(row, column, _("Show them again"), ":material/visibility:", "")
                return
            _button(row, column, _("Mask them"), ":material/visibility_off:", "mask")
            st.button(
                _("Leave the column out"),
                key=f"personal-out-{row.id}-{column.name}",
                on_click=_leave_out,
                args=(row.id, column.name),
            )
            _button(row, column, _("They may stay"), "", "stay")


def _masked(personal: Personal) -> str:
    """What masking did; in texts it does not find every name."""
    if personal.alone:
        return _("Masked: pseudonyms stand for them, in training and in new rows.")
    return _(
        "Masked: pseudonyms stand for them, in training and in new rows. Names without a title, greeting or signature "
        "may remain."
    )


def _counted(personal: Personal) -> str:
    """“e-mail addresses in 42 cells, phone numbers in 3 cells”."""
    parts = [
        _n("{kind} in {n} cell", "{kind} in {n} cells", n).format(kind=_(KINDS[kind]), n=numbers.count(n))
        for kind, n in personal.cells.items()
    ]
    return _("{facts}.").format(facts=listed(parts))


def _button(row: DatasetRow, column: Column, label: str, icon: str, choice: Choice) -> None:
    st.button(
        label,
        icon=icon or None,
        key=f"personal-{choice or 'show'}-{row.id}-{column.name}",
        on_click=_decide,
        args=(row.id, column.name, choice),
    )


def _decide(dataset: str, column: str, choice: Choice) -> None:
    try:
        overrides.decide(state.folder(dataset), column, choice)
    except AmalgamError as error:
        starting.show_error(error)


def _leave_out(dataset: str, column: str) -> None:
    try:
        overrides.change(state.folder(dataset), column, "ignored")
    except AmalgamError as error:
        starting.show_error(error)
