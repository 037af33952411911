"""A sentence stays only if it says again what a fact says; what the bundled model really made up does not stay."""

from __future__ import annotations

import pytest

from core.assistant.fact_filter import restates, stem
from core.assistant.grounded import checked

FACTS = [
    "The table has 730 usable rows; the model predicts “priority”.",
    "Cooperative · MiniLM (English) · Logistic regression reaches accuracy 0.584, with a 95 % interval from 0.547 to "
    "0.620.",
    "Guessing reaches 0.384.",
    "Cooperative is 0.9 points ahead of Text only, the best without a language model, in accuracy.",
    "“message” raises it by 0.09.",
    "“hours_waiting” lowers it by 0.02.",
]
NAMES = ["priority", "Cooperative · MiniLM (English) · Logistic regression", "accuracy", "Text only", "message",
         "hours_waiting"]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "The model predicts “priority”.",
        "The table has 730 usable rows and the model is predicting priority.",
        "Cooperative is reaching an accuracy of 0.58.",
        "Cooperative is 0.9 points ahead of Text only in accuracy.",
        "The message raised it by 0.09.",
    ],
)
def test_what_a_fact_says_may_be_said_again(sentence):
    assert restates(sentence, FACTS, NAMES)


@pytest.mark.parametrize(
    "sentence",
    [
        # written by the bundled model about such facts
        "This could be used in human-assisted models, but it also carries the risk of wrong priority.",
        "The table has 730 usable rows, which is a significant improvement over the previous model.",
        "This means that the model has improved significantly over time to reach a competitive edge in accuracy.",
        "The manager believes this achievement will be worth it for the upcoming competition.",
        # turned around
        "Text only is 0.9 points ahead of Cooperative in accuracy.",
        "The model never predicts priority.",
        "The message lowers it by 0.09.",
        "Cooperative reaches a better accuracy.",
        # about nothing that has a name
        "The table has usable rows.",
        "Priority.",
    ],
)
def test_what_no_fact_says_is_left_out(sentence):
    assert not restates(sentence, FACTS, NAMES)


def test_numbers_and_words_are_both_looked_at():
    text = "The message raises it by 0.09. The message raises it by 0.50. The message is a great success."
    assert checked(text, "\n".join(FACTS), NAMES) == ("The message raises it by 0.09.", ["0.09"], 2)


@pytest.mark.parametrize(("first", "second"), [("raises", "raised"), ("predicts", "predicting"), ("reach", "reaches")])
def test_forms_of_a_word_are_one(first, second):
    assert stem(first) == stem(second)
