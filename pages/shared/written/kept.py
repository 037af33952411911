"""A text about a run that stays: written by rules or a model, edited by its owner, there again in every tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.job_params import GenerateParams
from core.jobs import client
from core.jobs.client import Job
from core.messages import AmalgamError
from core.results import kept_texts
from core.results.kept_texts import About, Kept
from core.workspace import RunRow
from pages.shared import answer, state
from pages.shared.datetimes import when
from pages.shared.i18n import _, t
from pages.shared.markup import block, plain
from pages.shared.runs import job_panel, starting
from pages.shared.session.slots import Slot

EDITING = Slot("edited-text", "")  # name of the text whose box is open
LOOKED_AT = 20  # newest jobs among which the one that writes is looked for


@dataclass(frozen=True)
class Text:
    """What a text is about, and what is known of it now."""

    run: RunRow
    about: About
    params: GenerateParams  # of the job that writes it
    rules: str  # what rules say, in the viewer's language
    facts: str  # `kept_texts.fingerprint` of the same


def draw(text: Text, label: str, show_rules: Callable[[], None] | None = None) -> None:
    """The text, the buttons that have it written or edited; while it is being written, how it grows.

    show_rules : what stands there, and can be edited, where nothing was written; None: nothing
    """
    job = _newest(text)
    if job is not None and job.active:
        st.button(label, icon=":material/edit_note:", key=f"write-{text.about.task}", disabled=True)
        st.fragment(answer.live, run_every=0.5)(job.id)
        return
    if job is not None:
        job_panel.follow(job)
    kept = kept_texts.read(state.workspace().run_folder(text.run.id), text.about)
    if EDITING.get() == text.about.name:
        _box(text, kept)
        return
    something = bool(kept.text) or show_rules is not None
    if something:
        show(text, kept, show_rules)
    with st.container(horizontal=True):
        _write(text, kept, label)
        if something and st.button(_("Edit"), icon=":material/edit:", key=f"edit-{text.about.task}"):
            EDITING.set(text.about.name)
            st.rerun()
        if kept.edited is not None and st.button(
            _("Undo my changes"), icon=":material/undo:", key=f"undo-{text.about.task}"
        ):
            _change(lambda: kept_texts.undo(state.workspace(), text.run.id, state.owner(), text.about))


def show(text: Text, kept: Kept, show_rules: Callable[[], None] | None = None, *, by_you: bool = True) -> None:
    """The text literally, who wrote it and what was checked in it."""
    if show_rules is not None and (not kept.text or _of_rules(text, kept)):
        show_rules()
    else:
        block(kept.text)
    lines = kept_texts.origin(kept, when, text.facts, by_you=by_you)
    st.caption(plain(" ".join(t(line) for line in lines)))
    if kept.written is not None and kept.edited is None:
        answer.remarks(kept.written.answer)


def _of_rules(text: Text, kept: Kept) -> bool:
    """Whether what was kept is what rules say now, and no more."""
    return kept.edited is None and kept.text == text.rules


def _newest(text: Text) -> Job | None:
    """The newest job that writes this text, whichever tab asked for it."""
    jobs = client.jobs(
        state.workspace(), state.owner(), kind="generate", dataset=text.run.dataset, limit=LOOKED_AT
    )  # fmt: skip
    return next((job for job in jobs if GenerateParams.model_validate(job.params) == text.params), None)


def _write(text: Text, kept: Kept, label: str) -> None:
    edited = kept.edited is not None
    pressed = st.button(
        label if kept.written is None else _("Write again"),
        icon=":material/edit_note:",
        key=f"write-{text.about.task}",
        disabled=edited,
        help=_("Your own text would stay in its place. Undo your changes first.") if edited else None,
    )
    if pressed and starting.submit("generate", text.params, text.run.dataset):
        st.rerun()


def _box(text: Text, kept: Kept) -> None:
    """The text in a box, to be changed and saved."""
    name = text.about.name
    with st.form(f"box-{name}"):
        typed = st.text_area(
            _("Your text"), kept.text or text.rules, max_chars=kept_texts.MOST_CHARACTERS, height="content",
            key=f"typed-{name}",
        )  # fmt: skip
        with st.container(horizontal=True):
            saved = st.form_submit_button(_("Save"), icon=":material/check:", key=f"save-{text.about.task}")
            left = st.form_submit_button(_("Don't save"), key=f"leave-{text.about.task}")
    if saved:
        before = kept.written.answer.text if kept.written is not None else text.rules
        if typed == before:
            _change(lambda: kept_texts.undo(state.workspace(), text.run.id, state.owner(), text.about))
        else:
            _change(
                lambda: kept_texts.edit(
                    state.workspace(), text.run.id, state.owner(), text.about, typed, text.facts
                )
            )  # fmt: skip
    elif left:
        EDITING.set("")
        st.rerun()


def _change(change: Callable[[], None]) -> None:
    try:
        change()
    except AmalgamError as error:
        starting.show_error(error)
        return
    EDITING.set("")
    st.rerun()
