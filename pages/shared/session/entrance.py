"""The way in and out where people log in: the one page that everybody sees, and the line with one's name."""

from __future__ import annotations

import streamlit as st

from pages.server.identity.person import Person
from pages.shared import navigation
from pages.shared.i18n import _
from pages.shared.markup import short


def draw() -> None:
    """The login page, in the place of all others: their addresses are known, but none of them runs."""
    stops = navigation.ALL.values()
    pages = [st.Page(stop.file, url_path=stop.path, default=stop is navigation.HOME) for stop in stops]
    st.navigation(pages, position="hidden")
    title = _("Log in")
    st.set_page_config(page_title=f"{title} · Amalgam")
    st.title(title)
    st.markdown(_("This Amalgam is for people with an account. Nobody else sees your tables and models."))
    if st.button(title, type="primary", icon=":material/login:", key="log-in"):
        st.login()


def account(person: Person | None) -> None:
    """Who is here, and the way out; nothing where nobody logs in."""
    if person is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(short(person.name, 32), width="stretch")
        if st.button(_("Log out"), type="tertiary", icon=":material/logout:", key="log-out"):
            st.logout()
            st.stop()
