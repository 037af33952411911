"""Words get spaces between them where a language writes none."""

from __future__ import annotations

import re

from core.encode.words import ANY_WORD, SPACED_WORD, spaced


def test_chinese_is_cut_into_words_and_loses_nothing():
    text = "房间很干净，早餐好吃"
    cut = spaced(text, "zh")
    assert cut.replace(" ", "") == text
    assert "干净" in cut.split()


def test_blanks_never_follow_each_other():
    assert "  " not in spaced("好 \n 房间\t\t很好", "zh")


def test_what_has_spaces_stays_to_the_letter():
    assert spaced("two  blanks\n", "en") == "two  blanks\n"
    assert spaced("房间很干净", "") == "房间很干净"


def test_a_word_of_one_letter_counts_only_in_chinese():
    assert re.findall(SPACED_WORD, "a be 好") == ["be"]
    assert re.findall(ANY_WORD, "a be 好") == ["a", "be", "好"]
