"""What was made in the terminal waits on Home for the code that the terminal has shown."""

from __future__ import annotations

import streamlit as st

from pages.shared import state
from pages.shared.i18n import _

ADDRESS = "code"  # in the link that the server prints when it starts


def draw() -> None:
    """Ask for the code while something waits; the link brings it along."""
    brought = str(st.query_params.get(ADDRESS, ""))
    if brought:
        del st.query_params[ADDRESS]
    if not state.workspace().unclaimed():
        return
    with st.container(border=True):
        st.subheader(_("Made in the terminal"), anchor=False)
        st.caption(
            _(
                "A table with its comparison waits to be shown. The terminal gave a code with it; Amalgam shows it "
                "when it is started, too."
            )
        )
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        given = left.text_input(_("Code"), key="terminal-code", max_chars=40) or ""
        pressed = right.button(_("Show it here"), key="terminal-claim", disabled=not given.strip(), width="stretch")
        if pressed or brought:
            _claim(given if pressed else brought)
        name = state.owner()
        st.caption(_("To list a run for this browser at once, add `--register --owner {name}`.").format(name=name))


def _claim(code: str) -> None:
    if state.workspace().adopt(state.owner(), code):
        st.rerun()
    st.error(
        _("This is not the code, or it has been used. The newest one counts; restart Amalgam to see it again."),
        icon=":material/error:",
    )
