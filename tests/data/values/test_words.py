"""Words that stand for nothing, for a number or for a month, in the languages of people's tables."""

from __future__ import annotations

import pytest

from core.data.values.words import ENGLISH_MONTHS, NO_ANSWER, NO_VALUE, NUMBER_WORDS, months


def test_words_are_looked_up_in_lower_case_and_one_by_one():
    """A list of words that is broken over lines must not glue the last word of a line to the next."""
    for words in (NO_VALUE, NO_ANSWER):
        assert all(word == word.lower() == word.strip() for word in words)
        assert not any("\n" in word or "," in word for word in words)


NOTHING = ["n/a", "keine angabe", "sin datos", "暂无数据", "なし", "0000-00-00", ":p", ": e", "b.d.", "not done", "无"]
SILENT = ["don't know", "weiß nicht", "refus", "no contesta", "затрудняюсь ответить", "不清楚", "모름"]


@pytest.mark.parametrize("word", NOTHING)
def test_words_for_nothing(word):
    assert word in NO_VALUE
    assert word in NO_ANSWER


@pytest.mark.parametrize("word", SILENT)
def test_no_answer_is_none_only_beside_answers(word):
    assert word in NO_ANSWER
    assert word not in NO_VALUE


def test_numbers_in_words():
    assert (NUMBER_WORDS["none"], NUMBER_WORDS["zero"], NUMBER_WORDS["twelve"]) == (0, 0, 12)


@pytest.mark.parametrize(
    ("name", "month"),
    [("january", "Jan"), ("enero", "Jan"), ("févr", "Feb"), ("mrz", "Mar"), ("maart", "Mar"), ("mai", "May"),
     ("juin", "Jun"), ("lipca", "Jul"), ("août", "Aug"), ("sept", "Sep"), ("окт", "Oct"), ("kasım", "Nov"),
     ("dicembre", "Dec")],
)  # fmt: skip
def test_months_in_twelve_languages(name, month):
    assert months()[name] == month


def test_every_month_is_known():
    assert set(months().values()) == set(ENGLISH_MONTHS)
