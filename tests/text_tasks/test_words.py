"""Words of a text in both kinds of script."""

from __future__ import annotations

from core.text_tasks.words import words


def test_words_are_found_in_both_languages():
    assert words("It's 3 cats，我爱北京。") == ["it's", "3", "cats", "我", "爱", "北京"]
