"""Facts that share words with a question come first, in English and Chinese."""

from __future__ import annotations

import pytest

from core.assistant.ranked import ranked

FACTS = [
    "The table has 730 usable rows; the model predicts “priority”.",
    "Guessing reaches 0.384.",
    "“message” misses 12 of 730 values.",
    "该表有 730 行可用；模型预测“优先级”。",
    "盲猜的准确率为 0.384。",
]


@pytest.mark.parametrize(
    ("question", "first"),
    [("What would guessing have reached?", 1), ("Is a message gone?", 2), ("盲猜能到多少？", 4), ("优先级是什么？", 3)],
)
def test_the_fact_that_speaks_of_it_comes_first(question, first):
    assert ranked(question, FACTS, 3)[0] == first


def test_a_question_without_a_shared_word_finds_nothing():
    assert ranked("Why is the sky blue?", FACTS, 3) == []
    assert ranked("Why?", [], 3) == []


def test_no_more_than_asked_for_are_found():
    assert len(ranked("rows values 730", FACTS, 1)) == 1


def test_facts_that_share_no_word_are_not_found():
    assert ranked("What does guessing reach?", FACTS, 5) == [1]
