"""What a person sees when a page fails: one sentence of ours, what to do, and a log to download."""

from __future__ import annotations

import traceback

import streamlit as st

from core.jobs.failures import explained
from pages.server.request_ids import HEADER
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def draw(failure: Exception) -> bool:
    """Show a failure in words, in the place of Streamlit's own box.  →  True: it has been shown

    `app.build` hands it to Streamlit, which calls it for whatever a page, a fragment or a click leaves uncaught, and
    has written it to the server's log by then.
    """
    known = explained(failure)
    if not known.ours:
        st.error(plain(f"{t(known.message)} {t(known.hint)}".strip()), icon=":material/error:")
        return True
    sentence = _(
        "This is our fault: this page ran into an error it did not expect ({name}). If trying again does not help, "
        "please send us the log."
    )
    st.error(plain(sentence.format(name=type(failure).__name__)), icon=":material/bug_report:")
    with st.container(horizontal=True):
        st.button(_("Try again"), icon=":material/refresh:", key=f"again-{id(failure)}")
        st.download_button(
            _("Download the log"),
            log_of(failure),
            "amalgam-page.log",
            on_click="ignore",
            icon=":material/download:",
            key=f"log-{id(failure)}",
        )
    return True


def log_of(failure: Exception) -> str:
    """What happened, and the request it happened in, by the id that the server's logs have for it."""
    request = st.context.headers.get(HEADER, "")
    return (f"request {request}\n" if request else "") + "".join(traceback.format_exception(failure))
