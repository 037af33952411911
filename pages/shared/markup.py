"""Untrusted text on screen: column names, cells and what models write are shown as they are, never as markup.

Streamlit reads labels, captions and Markdown elements as Markdown with extras: LaTeX between dollars, emoji between
colons, colours and icons by directives, arrows drawn from ASCII. `plain` disarms all of it. ``st.text``,
``st.dataframe`` and the options of select boxes show text literally already.
"""

from __future__ import annotations

import re

import streamlit as st

from core.messages import clip

JOINER = "\u2060"  # word joiner: no width, keeps its neighbours together, and no pattern matches across it
_MARKS = re.compile(r"[\\`*_\[\]<>&$~|!{}#^]")
_COLON = re.compile(r":(?=[\w+\-/])")
_LIST = re.compile(r"^([^\S\n]*+)([-+=]|\d{1,9}(?=[.)]))", re.MULTILINE)
_ARROWS = re.compile(r"(?<!\S)(<-|-|>|<|~)(?=(->|>|-|=)(\s|$))")
_LINKS = re.compile(r"(?i)(?<![a-z])(www)(?=\.)")


def plain(text: object) -> str:
    """Text for a label, caption or Markdown element, so that it appears exactly as it is written."""
    words = " ".join(str(text).split("\n"))
    words = _ARROWS.sub(lambda match: match[1] + JOINER, words)
    words = _COLON.sub(":" + JOINER, words)
    words = _LINKS.sub(lambda match: match[1] + JOINER, words)
    words = words.replace("@", "@" + JOINER)
    words = _LIST.sub(lambda match: match[1] + match[2] + JOINER, words)
    return _MARKS.sub(lambda mark: "\\" + mark[0], words)


def short(text: object, length: int = 60) -> str:
    """`plain`, cut so that it can stand inside a sentence."""
    return plain(clip(str(text), length))


def block(text: str, *, height: int | None = None) -> None:
    """A whole text as it is written: line breaks kept, nothing interpreted, scrolling when it is long."""
    with st.container(border=True, height=height or "content"):
        st.text(text)
