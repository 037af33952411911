"""Words on screen, in the language of the person looking.

``_()`` and ``_n()`` translate at once, ``t()`` draws stored messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

from core.messages import LANGUAGES, Message, catalogue, translate

KEY = "language"  # session key of the switch in the sidebar
SHORT = {"en": "EN", "zh_CN": "中文"}
_settled: ContextVar[str] = ContextVar("language", default="")


@contextmanager
def settled() -> Iterator[None]:
    """While a page is drawn its language stands still: asking the session for every word takes longer than the word."""
    token = _settled.set(language())
    try:
        yield
    finally:
        _settled.reset(token)


def language() -> str:
    """The language chosen in the sidebar; before any choice, the browser's."""
    if known := _settled.get():
        return known
    chosen = st.session_state.get(KEY)
    return chosen if chosen in LANGUAGES else browser_language()


def browser_language() -> str:
    """The closest language to what the browser asks for; English if none is close."""
    locale = st.context.locale or "en"
    return "zh_CN" if locale.lower().startswith("zh") else "en"


def chosen_language() -> dict[str, str]:
    """What the address says of the language: nothing while it is the browser's."""
    return {} if language() == browser_language() else {KEY: language()}


def _(text: str) -> str:
    """An English sentence in the viewer's language, its gaps still open."""
    return catalogue(language()).gettext(text) if text else ""


def _n(one: str, other: str, number: int) -> str:
    """The form of a sentence that goes with `number`, in the viewer's language, its gaps still open."""
    return catalogue(language()).ngettext(one, other, int(number))


def t(message: Message | str | dict[str, Any] | None) -> str:
    """A stored message, or a word from the catalogue, in the viewer's language, its gaps filled."""
    if message is None:
        return ""
    if isinstance(message, str):
        return _(message)
    return translate(message, language())


def listed(parts: Iterable[str]) -> str:
    """Words one after the other, with the viewer's mark between them: “a, b”, in Chinese “a、b”."""
    return ("、" if language().startswith("zh") else ", ").join(parts)
