"""Untrusted text stays literal wherever Streamlit reads Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.markup import JOINER, plain, short

ACTIVE = re.compile(r"(?<!\\)[\\`*_\[\]<>&$~|!{}#^](?![\\`*_\[\]<>&$~|!{}#^])")


def seen(markdown: str) -> str:
    """What a reader sees of escaped Markdown: escapes resolved, joiners invisible."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "**bold**", "_it_", "$x^2$", "$$y$$", ":red[x]", ":smile:", ":material/home:",
        "a -> b", "a <- b", "x -- y", "a >= b", "# title", "- item", "1. item", "> quote", "`code`", "[a](http://b)",
        "![](http://b/x.png)", "https://example.com", "www.example.com", "me@example.com", "&lt;", "~~gone~~", "\\$5",
    ],
)  # fmt: skip
def test_text_is_seen_as_it_is_written(text):
    assert seen(plain(text)) == text


@given(st.text(alphabet=st.characters(exclude_characters="\n" + JOINER), max_size=40))
def test_any_text_is_seen_as_it_is_written(text):
    assert seen(plain(text)) == text


@given(st.text(alphabet="\\`*_[]<>&$~|!{}#^ab ", max_size=30))
def test_every_mark_is_escaped(text):
    escaped = plain(text).replace(JOINER, "")
    assert re.fullmatch(r"(\\[\\`*_\[\]<>&$~|!{}#^]|[ab\- ])*", escaped)


@pytest.mark.parametrize("text", [":smile:", ":material/home:", ":red[x]", ":+1:", "https://example.com"])
def test_no_pattern_between_colons_is_left(text):
    assert not re.search(r":[\w+/-]", plain(text))


@pytest.mark.parametrize("text", ["a -> b", "<- a", "a --", "a <= b", "a <-> b", "a ~= b", "a >= b"])
def test_arrows_are_not_drawn(text):
    patterns = (r"(^|\s)<->(\s|$)", r"(^|\s)(->|<-|--|>=|<=|~=)(\s|$)")
    unescaped = re.sub(r"\\(.)", r"\1", plain(text))
    assert not any(re.search(pattern, unescaped) for pattern in patterns)


def test_short_cuts_before_it_escapes():
    assert seen(short("*" * 100, 10)) == "*" * 9 + "…"
