"""The stops of the road: their files, addresses and titles, and how to get from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from core.messages import _
from pages.shared.i18n import chosen_language, t

PAGES = Path(__file__).parent.parent


@dataclass(frozen=True)
class Stop:
    """One page: where its file lies, how it is addressed and called."""

    path: str  # url_path
    file: Path
    title: str
    number: int = 0  # place on the road; 0: a side room
    icon: str = ""  # of a side room; those on the road show how far one is
    for_admins: bool = False

    @property
    def exists(self) -> bool:
        return self.file.exists()


HOME = Stop("home", PAGES / "home" / "page.py", _("Home"))
STOPS = (
    Stop("data", PAGES / "data" / "page.py", _("Data"), 1),
    Stop("compare", PAGES / "compare" / "page.py", _("Compare"), 2),
    Stop("results", PAGES / "results" / "page.py", _("Results"), 3),
    Stop("explain", PAGES / "explain" / "page.py", _("Explain"), 4),
    Stop("use", PAGES / "use" / "page.py", _("Use"), 5),
)
ROOMS = (
    Stop("ways", PAGES / "ways" / "page.py", _("Three ways"), icon=":material/account_tree:"),
    Stop("lab", PAGES / "lab" / "page.py", _("Language lab"), icon=":material/school:"),
    Stop("tasks", PAGES / "tasks" / "page.py", _("Text tasks"), icon=":material/edit_note:"),
    Stop("admin", PAGES / "admin" / "page.py", _("Admin"), icon=":material/shield_person:", for_admins=True),
)
READER = PAGES / "reader" / "report.py"  # of somebody else's run, by a link
ALL = {stop.path: stop for stop in (HOME, *STOPS, *ROOMS)}


def go(path: str) -> NoReturn:
    """Leave this page for another one."""
    st.switch_page(ALL[path].file, query_params=chosen_language())


def next_step(label: str, path: str, *, disabled: bool = False, help: str | None = None) -> None:
    """The one filled button of a page, at its end: the next stop of the road."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(
            label,
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            key=f"next-{path}",
            disabled=disabled,
            help=help,
        ):
            go(path)


def command(text: str, explanation: str) -> None:
    """“The command that does the same”: closed until asked for."""
    with st.expander(t(_("The command that does the same")), icon=":material/terminal:"):
        st.caption(explanation)
        st.code(text, language="bash", wrap_lines=True)
