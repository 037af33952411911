"""What every page run begins with: page settings, the sidebar and the choice of page. The server's script."""

from __future__ import annotations

import streamlit as st

from core.allowed import login
from core.people import seen
from pages.server.identity.person import session_is_admin, session_person
from pages.shared import navigation, sidebar, state
from pages.shared.i18n import _, settled, t
from pages.shared.runs import starting
from pages.shared.session import current, entrance

ASSETS = navigation.PAGES.parent / "assets"


def main() -> None:
    """Draw the shell and run the page that was asked for."""
    st.set_page_config(page_title="Amalgam", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="large")
    with st.sidebar:
        status, language, account = st.container(gap="xsmall"), st.container(), st.container()
        with language:
            sidebar.language_switch()
    person = session_person()
    if login.required() and person is None:
        entrance.draw()
        return
    with account:
        entrance.account(person)
    seen.note(state.workspace(), state.owner(), person.name if person else "")
    with settled():
        if current.reading():
            st.navigation([st.Page(navigation.READER, title="Amalgam", default=True)], position="hidden").run()
            return
        current.check_address()
        current.say_choices()
        active = sidebar.active_jobs()
        page = st.navigation(sections(sidebar.icons(active)), expanded=True)
        st.set_page_config(page_title=f"{page.title.lstrip('0123456789 ')} · Amalgam")
        with status:
            sidebar.at_hand()
            sidebar.jobs_line(active)
        starting.arrivals()
        starting.PAGE.set(page.url_path or "home")
        if current.strayed(page.url_path or "home"):
            current.not_yours()
        else:
            page.run()


def sections(icons: dict[str, str]) -> dict[str, list[st.Page]]:
    """Home, the road with its states, and the side rooms.; what is for admins is not listed for others."""
    admin = session_is_admin()
    home = st.Page(
        navigation.HOME.file, title=t(navigation.HOME.title), icon=":material/home:", url_path="home", default=True
    )
    steps = [
        st.Page(stop.file, title=sidebar.title(stop, t(stop.title)), icon=icons[stop.path], url_path=stop.path)
        for stop in navigation.STOPS
        if stop.exists
    ]
    rooms = [
        st.Page(
            stop.file,
            title=t(stop.title),
            icon=stop.icon,
            url_path=stop.path,
            visibility="visible" if admin or not stop.for_admins else "hidden",
        )
        for stop in navigation.ROOMS
        if stop.exists
    ]
    return {"": [home], _("Road"): steps} | ({_("Side rooms"): rooms} if rooms else {})


main()
