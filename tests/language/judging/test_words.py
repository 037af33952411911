"""Lines that are drawn and the words in them, in both kinds of script."""

from __future__ import annotations

from core.language.judging.words import cut, words


def test_a_drawn_line_is_one_word_and_a_chinese_character_too():
    assert words("+-----+ don't 你好, C3PO") == ["+", "-----", "+", "don't", "你", "好", ",", "C3PO"]
    assert cut("你好世界", 7) == "你好"
    assert cut("one twenty", 6) == "one"
