"""Admin: who is here, what works and waits, what takes the disk. For whoever runs the server; nobody's texts."""

from __future__ import annotations

import streamlit as st

from pages.admin import people, queue, space
from pages.server.identity.person import session_is_admin
from pages.shared.i18n import _


def draw() -> None:
    """The three parts, or one sentence for everybody else."""
    st.title(_("Admin"))
    if not session_is_admin():
        st.markdown(_("This page is for whoever runs this server: AMALGAM_ADMINS names them."))
        st.stop()
    st.caption(_("Names of tables and texts of other people are not shown here."))
    queue.draw()
    people.draw()
    space.draw()


draw()
