"""The guided case on Home: a few sentences about each stop of the road, while a sample is read and trained."""

from __future__ import annotations

import streamlit as st

from pages.shared import navigation
from pages.shared.i18n import _
from pages.shared.runs import starting
from pages.shared.session import current

STEP = starting.TOUR


def begin() -> None:
    """Start the sample's training, and the tour."""
    if starting.read_sample("tickets", compare=True):
        STEP.set(1)


def steps() -> list[tuple[str, str, str]]:
    """Title, explanation and page of each step."""
    return [
        (
            _("A table with words in it"),
            _(
                "The sample holds 738 messages to a help desk. Beside each message stand columns: plan, channel, "
                "waiting time. We want to predict the priority. It is being read right now."
            ),
            "data",
        ),
        (
            _("Two ways to read a message"),
            _(
                "TF-IDF counts words. A language model turns the whole message into 384 numbers by its meaning, so "
                "that “it crashed again” and “still broken” land near each other."
            ),
            "compare",
        ),
        (
            _("One classical model on top"),
            _(
                "The numbers of the text are put beside the columns, and a classical model learns from both. It is "
                "compared with guessing, with columns alone and, above all, with the same model on the same columns "
                "and texts whose words are only counted: what a language model adds is the gain over that."
            ),
            "compare",
        ),
        (
            _("Was it worth it?"),
            _(
                "Each score has an interval: the range in which it would fall on other rows of the same kind. The "
                "verdict goes by the gain on the same rows: if its interval holds zero, the simpler candidate will do."
            ),
            "results",
        ),
        (
            _("Why this answer?"),
            _(
                "For one message, columns and single words are put on one scale: how far each pushed the answer, and "
                "they add up to it exactly."
            ),
            "explain",
        ),
    ]


def draw() -> None:
    """The current step, if the tour is on."""
    number = STEP.get()
    if number:
        st.dialog(_("How it works"), width="medium", on_dismiss=_end)(_step)()


def _step() -> None:
    number = max(1, STEP.get())
    everything = steps()
    title, words, page = everything[number - 1]
    st.progress(number / len(everything), text=_("Step {n} of {all}").format(n=number, all=len(everything)))
    st.markdown(f"**{title}**")
    st.markdown(words)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button(_("Back"), key="tour-back", disabled=number == 1, on_click=STEP.set, args=(number - 1,))
        if number < len(everything):
            st.button(_("Next"), key="tour-next", type="primary", on_click=STEP.set, args=(number + 1,))
        elif st.button(_("See it train"), key="tour-end", type="primary"):
            _end()
            navigation.go("compare" if current.dataset() else page)


def _end() -> None:
    STEP.set(0)
