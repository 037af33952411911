"""Everybody who was here: when, how much is theirs, and the way to delete all of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.jobs.housekeeping import delete_everything
from core.people import overview, taken
from core.people.overview import Person
from pages.admin import space
from pages.admin.queue import shown
from pages.shared import state
from pages.shared.datetimes import when
from pages.shared.i18n import _
from pages.shared.markup import plain

HEIGHT = 320


def draw() -> None:
    """A table with a line for each person; choosing one offers to delete what is theirs."""
    st.subheader(_("People"), anchor=False)
    people = overview.people(state.workspace())
    event = st.dataframe(
        pd.DataFrame([_line(person) for person in people]),
        hide_index=True,
        height=HEIGHT if len(people) > 8 else "content",
        placeholder="–",
        key="admin-people",
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = [people[row] for row in event.selection.rows if row < len(people)]
    if chosen:
        _delete(chosen[0])
    else:
        st.caption(_("Choose a person to delete what is theirs."))


def _line(person: Person) -> dict[str, str | int]:
    return {
        _("Person"): shown(person.owner, person.name),
        _("First seen"): when(person.first_seen) if person.first_seen else "",
        _("Last seen"): when(person.last_seen) if person.last_seen else "",
        _("Tables"): person.n_tables,
        _("Runs"): person.n_runs,
        _("Space"): space.size(person.n_bytes),
    }


def _delete(person: Person) -> None:
    label = _("Delete everything of {person}").format(person=plain(shown(person.owner, person.name)))
    with st.popover(label, icon=":material/delete_forever:", key="admin-delete"):
        st.markdown(
            _("This deletes all tables, runs, models, written texts and uploads of this person, and ends their jobs, "
              "for good.")
        )  # fmt: skip
        if st.button(_("Delete everything"), key=f"admin-delete-{person.owner}", type="primary"):
            delete_everything(state.workspace(), person.owner)
            taken.forget(state.workspace())
            st.rerun()
