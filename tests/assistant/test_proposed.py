"""Questions are taken from what a model wrote, whatever else it wrote."""

from __future__ import annotations

from core.assistant.proposed import EXAMPLES, asked, found
from core.questions import MOST, of_lines


def test_questions_are_taken_and_all_else_is_left():
    written = (
        "Here you go:\n\n1. **Is it late?**\n2、作者生气吗？\n* Is it late?\n(3) A statement.\nIs the crew praised?"
    )
    assert found(written) == ["Is it late?", "作者生气吗？", "Is the crew praised?"]
    assert found("No question at all.") == []
    many = found("\n".join(f"{number}. Is it {number}?" for number in range(1, 60)))
    assert len(many) == MOST
    assert of_lines(many)


def test_no_more_texts_are_shown_than_are_needed_and_each_in_one_line():
    prompt = asked(["one\ntwo " + "x" * 999] * 20, "mood", ["good", "bad"], "en")
    assert prompt.count("one two") == EXAMPLES
    assert prompt.count("x") < EXAMPLES * 250
    assert "one of: good, bad" in prompt
    assert "one of" not in asked(["a"], "price", [], "en")
    assert "以下之一：好, 坏" in asked(["a"], "心情", ["好", "坏"], "zh_CN")
