"""“Share this run”: a link by which somebody else reads one run, shown once, and the live ones, to be taken back."""

from __future__ import annotations

import streamlit as st

from core.access import shares
from core.messages import AmalgamError
from core.workspace import RunRow
from pages.shared import state
from pages.shared.datetimes import when
from pages.shared.i18n import _, _n
from pages.shared.markup import plain
from pages.shared.runs import starting
from pages.shared.session import current
from pages.shared.session.slots import Slot

MADE = Slot("share-made", ("", ""))  # run and what opens it, until the box is closed


def draw(row: RunRow) -> None:
    """A button that opens the box; nothing is read before."""
    box = st.popover(
        _("Share this run"), icon=":material/link:", key=f"share-{row.id}", on_change="rerun", width="content"
    )
    if not box.open:
        MADE.set(MADE.default)
        return
    with box:
        _new(row)
        _live(row)


def _new(row: RunRow) -> None:
    st.markdown(
        _(
            "Whoever has the link, and a login where people log in here, reads a report of this run: its name, the "
            "verdict, the scores of all candidates, the summary with your changes, charts, and, where you made one, "
            "what the best candidate looks at. "
            "It names the target, its classes and the columns, and holds every setting."
        )
    )
    st.caption(_("The reader sees no row and no text of the table, and can neither train, score, change nor delete."))
    days = st.segmented_control(
        _("The link is good for"), shares.DAYS, default=shares.USUAL_DAYS, required=True, format_func=_days,
        key=f"share-days-{row.id}",
    )  # fmt: skip
    st.button(
        _("Make a link"), type="primary", icon=":material/add_link:", key=f"share-make-{row.id}",
        on_click=_make, args=(row, days or shares.USUAL_DAYS),
    )  # fmt: skip
    run, token = MADE.get()
    if run == row.id:
        st.code(address(token), language=None, wrap_lines=True)
        st.caption(_("Copy it now: it is shown this once, and kept nowhere."))


def _live(row: RunRow) -> None:
    for link in shares.links(state.workspace(), row.id, state.owner()):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            words = _("Made {made}, good until {end}").format(made=when(link.created), end=when(link.expires))
            st.caption(plain(words), width="content")
            st.button(_("Revoke"), key=f"revoke-{link.digest}", on_click=_revoke, args=(link,))


def _days(days: int) -> str:
    return _n("{n} day", "{n} days", days).format(n=days)


def address(token: str) -> str:
    """The whole address of a link, as this browser would reach the server."""
    here = st.context.url or ""
    return f"{here.rsplit('/', 1)[0]}/?{current.LINK}={token}"


def _make(row: RunRow, days: int) -> None:
    try:
        token = shares.make(state.workspace(), row.id, state.owner(), days)
    except AmalgamError as error:
        starting.show_error(error)
        return
    MADE.set((row.id, token))
    state.record("share", row.id)


def _revoke(link: shares.Share) -> None:
    if shares.revoke(state.workspace(), link.digest, state.owner()):
        state.record("take-back", link.run)
    MADE.set(MADE.default)
