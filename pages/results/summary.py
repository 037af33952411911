"""A run in plain words: what rules say of it, or what was written of it."""

from __future__ import annotations

import streamlit as st

from core.evaluate import summary
from core.evaluate.summary import Summary
from core.job_params import GenerateParams
from core.results import kept_texts
from core.results.comparison import Comparison, Detail
from core.results.kept_texts import About
from core.workspace import RunRow
from pages.shared import state
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain
from pages.shared.written import kept
from pages.shared.written.kept import Text


def draw(row: RunRow, result: Comparison, detail: Detail) -> None:
    """For the owner, who can have it written and edit it."""
    told = summary.of_run(result, detail.name, detail)
    kept.draw(_text(row, told, detail.name), _("Write a summary"), lambda: by_rules(told))


def read(row: RunRow, result: Comparison, detail: Detail) -> None:
    """For whoever was given a link."""
    told = summary.of_run(result, detail.name, detail)
    text = _text(row, told, detail.name)
    found = kept_texts.read(state.workspace().run_folder(row.id), text.about)
    kept.show(text, found, lambda: by_rules(told), by_you=False)


def by_rules(told: Summary) -> None:
    """Headline, findings, what to do, what to doubt."""
    with st.container(border=True):
        if told.headline is not None:
            st.markdown(f"**{plain(t(told.headline))}**")
        parts = {"": told.facts, _("What to do next"): told.to_do, _("What to doubt"): told.to_doubt}
        for heading, sentences in parts.items():
            lines = [f"**{heading}**"] if heading and sentences else []
            st.markdown("\n".join([*lines, "", *(f"- {plain(t(one))}" for one in sentences)]))


def _text(row: RunRow, told: Summary, name: str) -> Text:
    return Text(
        row,
        About(task="summary", candidate=name, language=language()),
        GenerateParams(task="summary", run=row.id, candidate=name, language=language()),
        told.text(language()),
        kept_texts.fingerprint(told.text("en")),
    )
