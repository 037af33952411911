"""Questions about words, columns and rows are answered from explanations that were made, with their own numbers."""

from __future__ import annotations

import pytest

from core.assistant.explained import answer, asked_class, columns, pushing, rows, words
from core.messages import translate
from core.results.comparison import Interval
from core.results.explanations.global_explanation import Importance, WholeExplanation, WordEffect
from core.results.explanations.rows import ColumnEffect, Explanation, RowExplanation

CLASSES = ["low", "high", "highest"]


def effect(text, value, label="high"):
    return WordEffect(column="message", label=label, text=text, n_rows=23, value=value)


@pytest.fixture
def whole():
    return WholeExplanation(
        run="", candidate="classical", unit="probability", background_rows=9, n_rows=100, classes=CLASSES,
        words=[effect("kind", -0.2), effect("urgent", 0.413), effect("outage", 0.2), effect("please", 0.3, "low")],
        shapley=[
            Importance(name="message", value=Interval(mean=0.3, low=0.2, high=0.4)),
            Importance(name="channel", value=Interval(mean=0.1, low=0.0, high=0.2)),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Which words make a ticket high?", "high"), ("Which words make a ticket HIGHEST?", "highest"),
        ("Which words are highly ranked?", None), ("哪些词让工单变成high？", "high"), ("Which words?", None),
    ],
)  # fmt: skip
def test_a_class_is_recognised_as_a_whole_word(question, label):
    assert asked_class(question, CLASSES) == label


def test_a_class_in_chinese_needs_no_blanks():
    assert asked_class("哪些词会推向紧急？", ["紧急", "普通"]) == "紧急"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which words make a ticket high?", ["urgent", "outage"]),
        ("Which words speak against high?", ["kind"]),
        ("哪些词不利于 high？", ["kind"]),
        ("Which words make a ticket low?", ["please"]),  # “low” is the class, not a side
        ("Which words make it highest?", []),
        ("Which words count?", ["urgent", "outage", "please"]),
    ],
)
def test_words_toward_a_class_or_away_from_it(whole, question, expected):
    assert [word.text for word in pushing(whole, question)] == expected


def test_the_answer_names_the_words_and_each_fact_has_its_number(whole):
    question = "Which words make a ticket high?"
    assert str(answer(whole, question)) == "Words that push most toward “high”: urgent, outage."
    assert "away from “high”: kind" in str(answer(whole, "Which words speak against high?"))
    assert str(words(whole, question)[0]) == (
        "“urgent” in “message” pushes toward “high”: +0.413 (probability) on average over 23 rows."
    )
    assert "推向“high”：+0.413（概率）" in translate(words(whole, question)[0], "zh_CN")
    assert answer(whole, "Which words make it highest?") is None


def test_words_of_a_number_raise_or_lower_it(whole):
    number = whole.model_copy(update={"classes": [], "unit": "rating", "words": [effect("late", -0.5, "")]})
    assert str(answer(number, "Which words lower the rating?")) == "Words that lower the prediction most: late."
    assert "(rating)" in str(words(number, "Which words lower it?")[0])


def test_columns_come_with_their_share_of_all_movement(whole):
    assert [str(fact) for fact in columns(whole)] == [
        "“message” moves the answer by 0.300 (probability) on average: 75% of all movement.",
        "“channel” moves the answer by 0.100 (probability) on average: 25% of all movement.",
    ]


def test_a_row_is_found_by_its_number_on_screen():
    column = ColumnEffect(name="message", value=0.3, low=0.2, high=0.4)
    row = RowExplanation(
        row=6, label="high", base=0.3, output=0.6, columns=[column], error=0.0, evaluations=9, seconds=0.1
    )
    found = Explanation(run="", candidate="x", unit="probability", background_rows=9, rows=[row])
    assert "0.60" in str(rows(found, "Why was row 7 called high?")[0])
    assert [str(fact) for fact in rows(found, "Why row 6?")] == ["Row 6 has not been explained."]
    assert rows(found, "") == []


def test_the_row_that_is_named_is_told_not_a_class_of_that_number():
    column = ColumnEffect(name="message", value=0.3, low=0.2, high=0.4)
    told = [
        RowExplanation(
            row=row, label=label, base=0.3, output=0.6, columns=[column], error=0.0, evaluations=9, seconds=1
        )
        for row, label in ((2, "low"), (11, "high"))
    ]
    known = Explanation(run="", candidate="x", unit="probability", background_rows=9, rows=told)
    assert "high" in str(rows(known, "Why is row 12 given class 3?")[0])
    assert "high" in str(rows(known, "为什么第 12 行是 3？")[0])
    assert "low" in str(rows(known, "Why is 3 so?")[0])
