"""Questions that a language model proposes for a table, to be taken over and changed."""

from __future__ import annotations

import streamlit as st

from core.job_params import GenerateParams
from core.jobs import client
from core.results.comparison import Answer
from pages.shared import answer, state
from pages.shared.i18n import _
from pages.shared.markup import block, plain
from pages.shared.runs import job_panel, starting
from pages.shared.session.slots import Slot


def draw(field: str, params: GenerateParams) -> None:
    """A button that asks for questions, and what came of it.

    field: session key of the text that takes them over
    """
    slot: Slot[str] = Slot(f"proposed-{params.dataset}", "")
    job = client.get(state.workspace(), slot.get(), state.owner()) if slot.get() else None
    busy = job is not None and job.active
    if st.button(
        _("Propose questions"),
        icon=":material/lightbulb:",
        key=f"{field}-propose",
        disabled=busy,
        help=_("The language model reads a few texts, without their labels, and writes questions to choose from."),
    ) and (made := starting.submit("generate", params, str(params.dataset))):
        slot.set(made)
        st.rerun()
    if job is None:
        return
    if job.active:
        st.fragment(answer.live, run_every=0.5)(job.id)
        return
    job_panel.follow(job)
    found = state.stored(Answer, client.folder(state.workspace(), job.id) / "answer.json")
    if found is None:
        return
    if not found.text:
        st.caption(_("It wrote no question. A larger language model does better; or write some yourself."))
        return
    block(found.text)
    st.caption(plain(_("Proposed by {model}: leave out what is not about the text.").format(model=found.model)))
    st.button(_("Take these over"), key=f"{field}-take", on_click=_take, args=(field, found.text))


def _take(field: str, lines: str) -> None:
    """Behind what was written already, each question once."""
    written = str(st.session_state.get(field, "")).splitlines()
    st.session_state[field] = "\n".join(dict.fromkeys(filter(None, [*written, *lines.splitlines()])))
