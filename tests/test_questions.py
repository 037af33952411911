"""Questions as a person writes them: read as they are, or refused with a sentence that names the line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import UnusableData
from core.questions import LONGEST, MOST, YES_NO, Question, of_lines, parsed, written


def test_a_question_is_answered_yes_or_no_unless_it_has_a_scale():
    assert parsed("  Is the  writer angry? ") == Question("Is the writer angry?", YES_NO)
    assert parsed("How angry is the writer? [0–3]") == Question("How angry is the writer?", ("0", "1", "2", "3"))
    assert parsed("这位作者生气吗？") == Question("这位作者生气吗？", YES_NO)


@pytest.mark.parametrize("line", ["", "   ", "x" * (LONGEST + 1)])
def test_what_can_not_be_asked_is_refused(line):
    with pytest.raises(UnusableData, match="no question"):
        parsed(line)


def test_a_scale_has_steps():
    with pytest.raises(UnusableData, match="no scale"):
        parsed("How angry? [5-1]")


def test_lines_without_a_question_are_passed_over():
    assert written(["# tone", "", " A? ", "B?"]) == ["A?", "B?"]
    assert of_lines(["# tone", "", " A? ", "B?"]) == [Question("A?"), Question("B?")]


def test_too_many_and_twice_the_same_are_refused():
    with pytest.raises(UnusableData, match=f"{MOST + 1} questions"):
        of_lines([f"Is it {number}?" for number in range(MOST + 1)])
    with pytest.raises(UnusableData, match=r"“A\? ?” stands there twice"):
        of_lines(["A?", "B?", " A? "])


@given(st.lists(st.text(max_size=40), max_size=30))
def test_any_lines_become_questions_or_one_sentence(lines):
    try:
        found = of_lines(lines)
    except UnusableData:
        return
    assert len(found) == len(set(found)) == len(written(lines)) <= MOST
