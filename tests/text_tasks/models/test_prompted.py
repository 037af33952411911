"""Prompted answers: fields are read, another form is asked for once more, then invalid."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.messages import UnusableData
from core.results.text_tasks.labels import PromptOptions
from core.text_tasks.base import Scoring, Tools
from core.text_tasks.models import prompted
from core.text_tasks.models.prompted import Field, fields_of, parsed

FIELDS = [Field("mood", "one of", ("good", "bad")), Field("stars", "number"), Field("why", "text")]
RIGHT = {"mood": "good", "stars": 4, "why": "fresh"}


class Scripted:
    """A writer that says what it is told to, in order."""

    name = "scripted"

    def __init__(self, *lines):
        self.lines = list(lines)

    def write_all(self, prompts, max_tokens, stop=lambda: False):
        for _prompt in prompts:
            yield self.lines.pop(0)


def tools(tmp_path, references=(), writer=None):
    made = Tools(tmp_path, None, 1, references=references)
    if writer is not None:
        made.writer = lambda options: writer
    return made


def test_fields_are_read_and_what_is_none_says_so():
    assert fields_of(["mood: good, bad", "stars: number", "why：text", ""]) == FIELDS
    with pytest.raises(UnusableData):
        fields_of(["no colon"])


@pytest.mark.parametrize(
    "said",
    [
        "good",
        '{"mood": "good"}',
        json.dumps(RIGHT | {"mood": "fine"}),
        json.dumps(RIGHT | {"stars": "4"}),
        json.dumps(RIGHT | {"stars": True}),
        json.dumps(RIGHT | {"more": 1}),
        "{" * 5000,
    ],
)
def test_an_object_of_another_form_is_none(said):
    assert parsed(said, FIELDS) is None


@given(some.text())
def test_words_around_an_object_do_not_matter_and_no_text_breaks_it(words):
    assert parsed(words.replace("{", "").replace("}", "") + json.dumps(RIGHT), FIELDS) == RIGHT
    parsed(words, FIELDS)


def test_a_wrong_form_is_asked_for_once_more_then_invalid(tmp_path):
    writer = Scripted("nonsense", json.dumps(RIGHT), "again nonsense", "still nonsense")
    options = PromptOptions(fields=["mood: good, bad", "stars: number", "why: text"])
    first, second = prompted.llm(["one", "two"], options, tools(tmp_path, writer=writer))
    assert first.data.extra["valid"]
    assert json.loads(first.text) == RIGHT
    assert second.text == "still nonsense"
    assert not second.data.extra["valid"]
    valid = prompted.score(Scoring(["one", "two"], [first, second], [None, None], options, "en"))["valid"]
    assert valid.mean == 0.5


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("U.S.", "U.S."), ("u.s.", "U.S."), ("“U.S.”", "U.S."), ("U.S", "U.S."), ("A*.", "A*"), ("A.", "A"),
        ("us", "us"), ("US.", "US"), ("*", "*"), ("**", None), ("", None), ("U.K.", None),
    ],
)  # fmt: skip
def test_marks_around_an_answer_do_not_matter_on_either_side(tmp_path, said, meant):
    options = PromptOptions(allowed=["U.S.", "A", "A*", "us", "US", "*"], choose="written")
    (answer,) = prompted.llm(["one"], options, tools(tmp_path, writer=Scripted(said, said)))
    assert answer.data.extra["valid"] == (meant is not None)
    assert answer.text == (meant or said)
