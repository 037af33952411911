"""One row of a text task in full: the text, what was expected, what each way answered and what that stands on."""

from __future__ import annotations

import streamlit as st

from core.catalog.text_tasks.every import TextTask
from core.results.text_tasks.task import AnswerData, Shown, Span
from pages.shared import numbers
from pages.shared.i18n import _, t
from pages.shared.markup import block, plain

COLOURS = ("blue", "orange", "green", "violet", "red", "gray")
MOST_LETTERS = 4000


def draw(task: TextTask, row: int, given: dict[str, list[Shown]]) -> None:
    """Text and reference, then a box per way."""
    shown = {way: one for way, found in given.items() for one in found if one.row == row}
    if not shown:
        return
    first = next(iter(shown.values()))
    st.markdown(_("**Row {n}**").format(n=row + 1))
    block(first.text, height=220 if len(first.text) > 600 else None)
    if first.reference is not None:
        st.caption(_("Reference"))
        block(first.reference)
    for column, (way, one) in zip(st.columns(len(shown)), shown.items(), strict=True):
        with column:
            st.markdown(f"**{plain(t(task.way(way).label))}**")
            if one.data.spans:
                st.markdown(marked(one.text, one.data.spans))
            else:
                block(one.answer or "–")
            _beside(one.data)


def marked(text: str, spans: list[Span]) -> str:
    """The text with its spans shaded, each followed by its label; everything else literally."""
    labels = list(dict.fromkeys(span.label for span in spans))
    pieces, at = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        if span.start < at:
            continue
        colour = COLOURS[labels.index(span.label) % len(COLOURS)]
        pieces.append(plain(text[at : span.start]))
        pieces.append(f":{colour}-background[{plain(text[span.start : span.end])} :small[{plain(span.label)}]]")
        at = span.end
    return "".join([*pieces, plain(text[at:MOST_LETTERS])])


def _beside(data: AnswerData) -> None:
    """How sure, whether borne out, the passages it stands on."""
    if data.note is not None:
        st.caption(plain(t(data.note)))
    if data.score is not None:
        st.caption(_("Its score: {score}; the higher, the surer").format(score=numbers.figure(data.score, 2)))
    if data.borne_out is False:
        st.caption(_("The cited passages do not support this."))
    elif data.borne_out:
        st.caption(_("The cited passages support this."))
    if data.words:
        st.caption(plain(" · ".join(data.words)))
    for passage in data.passages:
        mark = _("cited") if passage.cited else _("found, not cited")
        with st.expander(_("Document {n} · {mark}").format(n=passage.document + 1, mark=mark)):
            st.text(passage.text)
