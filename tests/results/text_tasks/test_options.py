"""What may be chosen for a text task: the ends of every range, and what holds where nothing is chosen."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.results.text_tasks.options import (
    AddColumnParams,
    AnswerOptions,
    KeywordOptions,
    SummariseOptions,
    TaskOptions,
    TaskParams,
    TopicOptions,
    TranslateOptions,
)

RANGES = [
    (SummariseOptions, "sentences", 1, 20),
    (SummariseOptions, "max_tokens", 10, 512),
    (AnswerOptions, "passages", 1, 10),
    (AnswerOptions, "read", 0, 10),
    (AnswerOptions, "passage_words", 10, 300),
    (AnswerOptions, "max_tokens", 5, 512),
    (TranslateOptions, "rounds", 1, 50),
    (TranslateOptions, "phrase_words", 1, 7),
    (TranslateOptions, "steps", 10, 100_000),
    (TranslateOptions, "folds", 2, 20),
    (TranslateOptions, "max_tokens", 5, 512),
    (KeywordOptions, "keywords", 1, 20),
    (KeywordOptions, "longest", 1, 3),
    (KeywordOptions, "max_tokens", 5, 256),
    (TopicOptions, "topics", 0, 50),
    (TopicOptions, "words", 3, 20),
]


@pytest.mark.parametrize(("kind", "field", "lowest", "highest"), RANGES)
def test_both_ends_of_a_range_are_taken_and_nothing_beyond(kind, field, lowest, highest):
    for value in (lowest, highest):
        assert getattr(kind(**{field: value}), field) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(ValidationError):
            kind(**{field: value})


@pytest.mark.parametrize(
    ("kind", "usual"),
    [
        (SummariseOptions, {"sentences": 2, "method": "textrank", "max_tokens": 80}),
        (AnswerOptions, {"passages": 3, "read": 0, "passage_words": 60, "max_tokens": 48}),
        (
            TranslateOptions,
            {"into": "", "rounds": 10, "phrase_words": 4, "network": "encoder-decoder", "steps": 300, "folds": 5,
             "max_tokens": 60},
        ),
        (KeywordOptions, {"keywords": 5, "longest": 2, "by": "encoder", "max_tokens": 40}),
        (TopicOptions, {"topics": 0, "words": 8, "names": False}),
    ],
)  # fmt: skip
def test_where_nothing_is_chosen(kind, usual):
    assert kind().model_dump() == {"model": "", "encoder": "", "language": "", **usual}


@pytest.mark.parametrize("kind", [TaskOptions, AddColumnParams, TaskParams])
def test_an_option_that_does_not_exist_is_refused(kind):
    with pytest.raises(ValidationError, match="Extra inputs"):
        kind.model_validate({"nonsense": 1})


def test_a_task_needs_a_name_at_least_one_row_and_a_seed_of_32_bits():
    made = TaskParams(task="summarise")
    assert (made.rows, made.seed, made.sample, made.ways, made.documents_dataset) == (None, 0, False, [], None)
    assert TaskParams(task="x", rows=1, seed=2**32 - 1).seed == 2**32 - 1
    for wrong in ({"rows": 0}, {"seed": -1}, {"seed": 2**32}):
        with pytest.raises(ValidationError):
            TaskParams(task="x", **wrong)
