"""What may be chosen for tasks that put labels on texts: the ends of every range, and what is usual."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.results.text_tasks.labels import EntityOptions, PromptOptions, RelationOptions, SentimentOptions


@pytest.mark.parametrize(
    ("kind", "field", "lowest", "highest", "usual"),
    [
        (EntityOptions, "folds", 2, 20, 5),
        (RelationOptions, "folds", 2, 20, 5),
        (SentimentOptions, "folds", 2, 20, 5),
        (SentimentOptions, "examples", 0, 1000, 0),
        (PromptOptions, "max_tokens", 1, 400, 40),
    ],
)
def test_both_ends_of_a_range_are_taken_and_nothing_beyond(kind, field, lowest, highest, usual):
    assert getattr(kind(), field) == usual
    for value in (lowest, highest):
        assert getattr(kind(**{field: value}), field) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(ValidationError):
            kind(**{field: value})


def test_a_prompt_has_at_most_two_thousand_characters():
    assert len(PromptOptions(prompt="x" * 2000).prompt) == 2000
    with pytest.raises(ValidationError):
        PromptOptions(prompt="x" * 2001)
    assert (PromptOptions().choose, PromptOptions().allowed, PromptOptions().fields) == ("likelihood", [], [])
