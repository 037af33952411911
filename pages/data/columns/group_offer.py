"""Columns that say whose rows these are: what they make of the scores, and one click that keeps their rows together."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.data.schema import Grouping, Report, Schema
from core.data.splits import groups
from core.job_params import GroupParams
from core.workspace import DatasetRow
from pages.shared import state
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short
from pages.shared.runs import job_panel, starting


def key_of(dataset: str) -> str:
    """The session's key for the group of this table's plan; the Compare form's field has the same."""
    return f"plan-{dataset}-group"


def chosen(row: DatasetRow, schema: Schema) -> str | None:
    """The column whose rows are kept on one side; None: none, or it can't be."""
    column = st.session_state.get(key_of(row.id))
    found = schema.column(column) if column else None
    return None if found is None or found.role in {"target", "text"} else found.name


def draw(row: DatasetRow, schema: Schema, report: Report | None, place: str, *, test_file: bool = False) -> None:
    """Each column that is offered, and the one that was chosen.

    place: where this stands, for the keys
    test_file: scores are of a file of its own, where nothing can be moved to the other side
    """
    together = chosen(row, schema)
    for one in report.groupings if report is not None and not test_file else []:
        if one.column not in {together, schema.target}:
            _offer(row, one, place)
    if together is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            text = (
                _("Rows with the same {column} count together in the intervals; the test file is scored as it is.")
                if test_file
                else _("All rows with the same {column} are kept on one side.")
            )
            st.markdown(text.format(column=short(together)), width="stretch")
            st.button(
                _("Undo"), icon=":material/undo:", key=f"apart-{place}-{row.id}", on_click=partial(_set, row.id, None)
            )


def measure(row: DatasetRow, report: Report) -> None:
    """The scores of what is offered, where another target was chosen since they were measured."""
    job = job_panel.panel("group", row.id)
    schema = state.schema(row.id)
    if schema is None or schema.target is None or not groups.to_measure(report.groupings):
        return
    busy = bool(job and job.active)
    if st.button(_("Measure both scores"), icon=":material/speed:", key=f"measure-group-{row.id}", disabled=busy):
        params = GroupParams(dataset=row.id)
        if starting.submit("group", params, row.id):
            st.rerun()


def _offer(row: DatasetRow, one: Grouping, place: str) -> None:
    words = plain(t(groups.sentence(one)))
    if one.clear:
        st.warning(words, icon=":material/group:")
    else:
        st.info(words, icon=":material/group:")
    st.button(
        _("Keep all rows with the same {column} on one side").format(column=short(one.column)),
        icon=":material/join:",
        key=f"together-{place}-{row.id}-{one.column}",
        on_click=partial(_set, row.id, one.column),
        help=_("The scores then hold for values that no model has seen."),
    )


def _set(dataset: str, column: str | None) -> None:
    st.session_state[key_of(dataset)] = column
