"""Deleting a job's results where they are shown: asked once more, then gone with all that was made from them."""

from __future__ import annotations

import streamlit as st

from core.jobs.housekeeping import delete_run
from pages.shared import state
from pages.shared.i18n import _


def draw(job_id: str) -> None:
    """A button that asks before it deletes."""
    with st.popover(_("Delete"), icon=":material/delete:", key=f"delete-{job_id}"):
        st.markdown(_("This deletes these results, and all that was made from them, for good."))
        if st.button(_("Delete it"), key=f"delete-ok-{job_id}", type="primary"):
            delete_run(state.workspace(), job_id, state.owner())
            st.rerun()
