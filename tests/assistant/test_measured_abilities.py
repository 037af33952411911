"""The note beside the bundled model's answers says what was measured; the measuring tells right from wrong."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from benchmarks import kept_text
from benchmarks.limits import Question, main, questions
from core.assistant.measured_abilities import MEASURED, limits
from core.providers import door
from core.workspace import Workspace


def test_the_note_holds_every_figure_and_as_many_questions_are_asked():
    asked = Counter(one.kind for one in questions())
    assert asked == {one.name: one.asked for one in MEASURED}
    for one in MEASURED:
        assert f"{one.right} of {one.asked}" in str(limits())
        assert one.share.low <= one.right / one.asked <= one.share.high


@pytest.mark.parametrize(
    ("kind", "wanted", "answer", "right"),
    [
        ("arithmetic", ["12"], "7 + 5 = 12.", True),
        ("arithmetic", ["12"], "12 + 5 = 17", False),
        ("arithmetic", ["1000"], "It is 1,000", True),
        ("arithmetic", ["12"], "Twelve", False),
        ("facts", ["Au"], "The symbol is Au.", True),
        ("facts", ["Au"], "The symbol is Aurum.", False),
        ("facts", ["8|eight"], "Eight legs", True),
        ("chinese", ["猫", "睡"], "猫在睡觉。", True),
        ("chinese", ["猫", "睡"], "猫。", False),
    ],
)
def test_right_answers_are_told_from_wrong_ones(kind, wanted, answer, right):
    assert Question(kind, "", wanted).right(answer) is right


@pytest.mark.slow
def test_asked_again_the_bundled_model_answers_as_the_note_says():
    found = main()["found"]
    for one in MEASURED:  # another processor rounds differently, so a few answers may change
        right, asked = found[one.name]
        assert asked == one.asked
        assert abs(right - one.right) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("make", "n"), [(kept_text.runs, 4), (kept_text.rows, 8)])
def test_of_what_a_larger_model_writes_four_sentences_in_five_are_kept(make, n, language):
    """With the GGUF files below AMALGAM_MODELS (`make models`), fewer runs and rows than the benchmark has."""
    if not (os.environ.get("AMALGAM_MODELS") and (found := door.picked(Workspace().models_folder))):
        pytest.skip("no larger language model below AMALGAM_MODELS")
    if language[:2] not in found.writes:
        pytest.skip(f"{found.name} does not write {language}")
    assert kept_text.measured(found.load(), make(n), language)["share"] >= 0.8
