"""Text that a language model writes, as it writes it: a button, the growing answer, the finished one."""

from __future__ import annotations

import streamlit as st

from core.assistant.measured_abilities import MODEL, limits
from core.job_params import GenerateParams
from core.jobs import client
from core.results.comparison import Answer
from pages.shared import state
from pages.shared.i18n import _, _n, t
from pages.shared.markup import block, plain
from pages.shared.runs import job_panel, starting
from pages.shared.session.slots import Slot


def draw(key: str, params: GenerateParams, label: str, *, about: str = "", primary: bool = False) -> None:
    """A button that starts the writing, and below it what has been written.

    about: what the answer is about; the answer to another question is not shown.
    """
    slot: Slot[str] = Slot(f"answer-{key}-{about}", "")
    job = client.get(state.workspace(), slot.get(), state.owner()) if slot.get() else None
    busy = job is not None and job.active
    if st.button(
        label,
        icon=":material/edit_note:",
        key=f"write-{key}",
        disabled=busy,
        type="primary" if primary else "secondary",
    ) and (made := starting.submit("generate", params)):
        slot.set(made)
        st.rerun()
    if job is None:
        return
    if job.active:
        st.fragment(live, run_every=0.5)(job.id)
    else:
        job_panel.follow(job)
        show(job.id)


def live(job_id: str) -> None:
    """What is being written, as it grows; the page is drawn again when it ends."""
    job = client.get(state.workspace(), job_id, state.owner())
    if job is None or not job.active:
        st.rerun()
    job_panel.running(job)
    path = client.folder(state.workspace(), job_id) / "answer.txt"
    if path.exists() and (text := path.read_text(encoding="utf-8")):
        block(text)


def show(job_id: str) -> None:
    """A finished answer, literally, and what was checked in it."""
    folder = client.folder(state.workspace(), job_id)
    answer = state.stored(Answer, folder / "answer.json")
    if answer is None:
        return
    block(answer.text)
    remarks(answer)
    if answer.by_rules:
        st.caption(_("Put together from the results by rules; no model wrote any of it."))
    elif answer.model in {"", MODEL}:
        st.caption(
            _("Written by a small model on this machine. It can be wrong; the tables above are what was measured.")
        )
    else:
        words = _("Written by {model} on this machine. It can be wrong; the tables above are what was measured.")
        st.caption(plain(words.format(model=answer.model)))


def remarks(answer: Answer) -> None:
    """How a text ended, what was checked in it, and what to expect of the small model."""
    if answer.stopped != "end" and not answer.by_rules:
        st.caption(_("It was stopped here.") if answer.stopped == "cancelled" else _("It reached its longest length."))
    for message in answer.warnings:
        st.caption(plain(t(message)))
    if answer.checked_numbers:
        st.caption(
            _n(
                "{n} number in this text was checked against the results.",
                "{n} numbers in this text were checked against the results.",
                len(answer.checked_numbers),
            ).format(n=len(answer.checked_numbers))
        )
    if answer.model in {"", MODEL} and not answer.by_rules:
        st.caption(plain(t(limits())))
