"""What takes the disk, by kind, and what is left of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.people import overview, taken
from pages.shared import numbers, state
from pages.shared.datetimes import when
from pages.shared.i18n import _


def draw() -> None:
    """A line for each kind of thing in the home folder."""
    st.subheader(_("Space"), anchor=False)
    words = {
        "datasets": _("Tables"),
        "runs": _("Runs and models"),
        "cache": _("Kept text encodings"),
        "uploads": _("Uploads"),
        "logs": _("Logs"),
        "models": _("Language models"),
    }
    found = taken.taken(state.workspace())
    lines = [{_("Kind"): words[name], _("Space"): size(used)} for name, used in found.by_place.items()]
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="admin-space")
    free = size(overview.free_bytes(state.workspace()))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Count again"), icon=":material/refresh:", key="admin-count", on_click=count_now)
        st.caption(_("{size} are free on this disk. Counted: {when}.").format(size=free, when=when(found.counted)))


def count_now() -> None:
    """Have the whole page, the people's space included, drawn by a fresh count."""
    taken.forget(state.workspace())


def size(n_bytes: int) -> str:
    """A size in words; what is hardly anything is nothing."""
    return numbers.megabytes(round(n_bytes / 1e6, 2))
