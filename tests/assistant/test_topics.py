"""Common questions are recognised in both languages, and none is taken for another one."""

from __future__ import annotations

import pytest

from core.assistant.topics import TOPICS
from tests.assistant.test_chat import made


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which words make a ticket high?", {"words"}), ("哪些词让工单变成 high？", {"words"}),
        ("Which columns are there?", {"columns"}), ("Which columns matter most?", {"matters"}),
        ("哪些列最重要？", {"matters"}), ("有哪些列？", {"columns"}), ("What does the model look at?", {"matters"}),
        ("What should I do?", {"advice"}), ("接下来怎么做？", {"advice"}), ("What is to be doubted?", {"doubts"}),
        ("结果可信吗？", {"doubts"}), ("Where does the gain come from?", {"steps"}), ("Why row 3?", {"row"}),
        ("第 3 行为什么？", {"row"}), ("Why is the sky blue?", set()),
    ],
)  # fmt: skip
def test_a_question_is_of_its_kind_alone(question, names):
    assert {topic.name for topic in TOPICS if topic.asked(question)} == names


def test_advice_and_doubts_are_those_of_the_summary():
    known = made(0)
    known.result.warnings = []
    found = {topic.name: topic.answer(known, "") for topic in TOPICS}
    assert found["advice"]
    assert found["words"] == found["matters"] == found["row"] == []  # nothing was explained
