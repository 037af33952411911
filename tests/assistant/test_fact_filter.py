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


ROW = """The model gives “churned” a probability of 0.62; on average it gives 0.31.
“region” lowers the probability by 0.19.
“last_visit” raises the probability by 0.01.
“age” lowers the probability by 0.08.
In “complaint”, these words count most: late, refund.
Not worth it here: on the same columns and texts, Classical reaches accuracy 0.758 without a language model; \
Cooperative · MiniLM reaches 0.597.
The 95 % interval of the gain, -18.1 to -13.1 points, holds no gain at all.
Its price would be 7 min 11 s more training and 52 MB."""
ROW_NAMES = ["churned", "region", "last_visit", "age", "complaint", "Classical", "Cooperative · MiniLM", "accuracy"]
ZH = """模型给出“churned”的概率为 0.62；平均为 0.31。
“region”使概率降低 0.19。
“last_visit”使概率升高 0.01。
“年租费用”使概率降低 0.08。
“月租费用”使概率升高 0.23。
在“complaint”中，这些词最重要：late、refund。
在这里不值得：用同样的列和文本，经典模型不用语言模型，准确率就达到 0.758；协同 · MiniLM 的准确率达到 0.597。
该表有 4,760 行可用；模型预测“mood”。"""
ZH_NAMES = [
    "churned",
    "region",
    "last_visit",
    "年租费用",
    "月租费用",
    "complaint",
    "经典模型",
    "协同 · MiniLM",
    "准确率",
    "mood",
]


@pytest.mark.parametrize(
    ("said", "facts", "names"),
    [
        *[
            (said, ROW, ROW_NAMES)
            for said in (
                "“region” lowers the probability by 0.19.",
                "The model gives “churned” a probability of 0.62, and on average it gives 0.31.",
                "On average it gives 0.31.",
                "Classical reaches an accuracy of 0.758 without a language model.",
                "Its price would be 7 min 11 s more training and 52 MB.",
            )
        ],
        *[
            (said, ZH, ZH_NAMES)
            for said in (
                "“region”使概率降低0.19。",
                "模型给出“churned”的概率为0.62，平均为0.31。",
                "“月租费用”使概率升高0.23。",
                "在“complaint”中，这些词最重要：late、refund。",
                "在这里不值得：用同样的列和文本，经典模型不用语言模型，准确率就达到0.758。",
                "协同 · MiniLM的准确率达到0.597。",
                "该表有4,760行可用，模型预测“mood”。",
            )
        ],
    ],
)
def test_a_true_sentence_stays(said, facts, names):
    assert checked(said, facts, names)[0] == said


@pytest.mark.parametrize(
    ("said", "facts", "names"),
    [
        *[
            (said, ROW, ROW_NAMES)
            for said in (
                "On average it gives 0.62.",  # the row's
                "“region” raises the probability by 0.19.",
                "“age” lowers the probability by 0.19.",  # another column's
                "“tenure” lowers the probability by 0.19.",  # no such column
                "Worth it here: on the same columns and texts, Classical reaches accuracy 0.758.",
                "Cooperative · MiniLM reaches accuracy 0.758.",
                "The interval of the gain, -18.1 to -13.1 points, holds gain at all.",
                "The interval of the gain, -13.1 to -18.1 points, holds no gain at all.",
                "Its price would be 52 min more training and 7 MB.",
                "Its price would be 7 min 11 s more training and 11 MB.",
                "Lowers the probability by 0.19.",  # of what?
            )
        ],
        *[
            (said, ZH, ZH_NAMES)
            for said in (
                "“region”使概率升高0.19。",
                "last_visit使概率降低0.01。",
                "“last_visit”使概率升高0.19。",
                "“tenure”使概率降低0.19。",
                "使概率降低0.08。",
                "租费用使概率升高0.23。",
                "月租费用使概率降低0.08。",
                "年租费用使概率升高0.23。",
                "在这里值得：用同样的列和文本，经典模型不用语言模型，准确率就达到0.758。",
                "协同 · MiniLM的准确率达到0.758。",
                "协同 · MiniLM的精确率达到0.597。",
                "协同 · MiniLM的失准率达到0.597。",
                "平均为0.62。",
                "该表有4,760列可用。",
            )
        ],
    ],
)
def test_a_false_sentence_goes(said, facts, names):
    assert checked(said, facts, names)[0] == ""


def test_a_part_of_a_name_that_another_one_shares_is_no_other_name():
    facts = "Cooperative · MiniLM reaches 0.71.\nTuned · MiniLM reaches 0.64."
    names = ["Cooperative · MiniLM", "Tuned · MiniLM"]
    assert checked("Cooperative · MiniLM reaches 0.71.", facts, names)[0]
    assert checked("Cooperative · MiniLM reaches 0.64.", facts, names)[0] == ""
