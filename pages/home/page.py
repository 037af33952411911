"""Home: three ways to start real work at once, and what was done lately."""

from __future__ import annotations

import streamlit as st

from core.data.samples import SAMPLES
from pages.data import add
from pages.home import from_terminal, runs, tour
from pages.shared.i18n import _, t
from pages.shared.runs import job_panel, starting
from pages.shared.upload import drop_zone


def draw() -> None:
    """Cards, running work, recent runs."""
    st.title(_("Text and columns, one model"))
    st.markdown(
        _(
            "Amalgam joins language models with classical machine learning, and says honestly whether the language "
            "model is worth it on your table."
        )
    )
    for place, card in zip(st.columns(3), (_sample, _own, _tour), strict=True):
        with place:
            card()
    from_terminal.draw()
    job_panel.panel("read")
    runs.draw()


def _card(title: str, about: str) -> st.delta_generator.DeltaGenerator:
    card = st.container(border=True, height="stretch")
    card.subheader(title, anchor=False)
    card.caption(about)
    return card


def _sample() -> None:
    with _card(_("Try a sample"), _("A first verdict in about a minute, the rest in some more.")):
        samples = {entry.name: entry for entry in SAMPLES}
        chosen = st.selectbox(
            _("Sample"),
            list(samples),
            format_func=lambda name: t(samples[name].label),
            key="home-sample",
            label_visibility="collapsed",
        )
        st.caption(t(samples[chosen].about))
        if st.button(_("Read it and train"), type="primary", key="home-start", icon=":material/play_arrow:"):
            starting.read_sample(chosen, compare=True)
            st.rerun()


def _own() -> None:
    with _card(_("Bring my data"), _("A table with at least one column to predict. It stays on this machine.")):
        uploads = drop_zone("home-drop")
        if uploads:
            starting.read_uploads([upload.id for upload in uploads], add.called(uploads))
            st.rerun()


def _tour() -> None:
    with _card(_("Show me how it works"), _("Five short steps beside a sample that trains while you read.")):
        st.caption(_("For a first look, or for showing it to a class."))
        if st.button(_("Begin"), key="home-tour", icon=":material/school:"):
            tour.begin()
            st.rerun()
    tour.draw()


draw()
