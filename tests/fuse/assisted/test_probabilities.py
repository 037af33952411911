"""Advice by probabilities where rows are very few."""

from __future__ import annotations

from core.fuse.assisted.probabilities import Probabilities
from tests.fuse.advisers import Hint, hinted, parent


def probabilities(task: str = "binary", model: str = "linear") -> Probabilities:
    return Probabilities(parent(task, model), Hint(["hint"], task), task=task)


def test_very_few_rows_are_not_divided():
    X, y = hinted(5, seed=0)
    made = probabilities().fit(X, y)
    assert made.trust_ == 0
    assert "too few rows" in str(made.advice().trust.note)
