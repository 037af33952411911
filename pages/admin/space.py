"""What takes the disk, by kind, and what is left of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.people import overview
from pages.shared import numbers, state
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
    taken = overview.space(state.workspace())
    lines = [{_("Kind"): words[name], _("Space"): size(used)} for name, used in taken.items()]
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="admin-space")
    free = size(overview.free_bytes(state.workspace()))
    st.caption(_("{size} are free on this disk.").format(size=free))


def size(n_bytes: int) -> str:
    """A size in words; what is hardly anything is nothing."""
    return numbers.megabytes(round(n_bytes / 1e6, 2))
