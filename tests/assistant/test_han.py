"""Chinese sentences are held to the facts as English ones are."""

from __future__ import annotations

import pytest

from core.assistant.grounded import checked
from core.assistant.han import apart

FACTS = """该表有3,000行可用，模型预测“airline_sentiment”。
协作式 · MiniLM 的准确率为 0.787，95% 区间为 0.772 到 0.803。
盲猜的准确率为 0.631。"""
NAMES = ["airline_sentiment", "协作式 · MiniLM", "准确率"]


def test_numbers_and_characters_stand_apart():
    assert apart("准确率为0.730，95%区间（0.697到0.762）。") == "准 确 率 为 0.730 , 95% 区 间 ( 0.697 到 0.762 ) 。"
    assert apart("plain words, 3.5 km") == "plain words, 3.5 km"


@pytest.mark.parametrize(
    "said",
    [
        "协作式 · MiniLM 的准确率为0.787。",
        "MiniLM的准确率为0.787，95%区间为0.772到0.803。",
        "该表有3,000行，模型预测“airline_sentiment”。",
        "盲猜的准确率为0.63。",
    ],
)
def test_what_the_facts_say_stays(said):
    assert checked(said, FACTS, NAMES)[0] == said


@pytest.mark.parametrize(
    "said",
    [
        "MiniLM 的准确率为 0.797。",  # another number
        "MiniLM 的准确率为 0.631。",  # that of guessing
        "MiniLM 的准确率不为 0.787。",  # turned round
        "MiniLM 的准确率提高了两倍。",  # a number in words
        "天气很好，适合出门旅行。",  # of something else
        "准确率受到客户情绪和价格的影响。",  # nothing the facts say
    ],
)
def test_what_they_do_not_say_goes(said):
    assert checked(said, FACTS, NAMES) == ("", [], 1)


def test_of_several_sentences_those_stay_that_are_borne_out():
    text = "MiniLM的准确率为0.787。它比盲猜高出0.9。盲猜的准确率为0.631。"
    assert checked(text, FACTS, NAMES) == ("MiniLM的准确率为0.787。盲猜的准确率为0.631。", ["0.787", "0.631"], 1)
