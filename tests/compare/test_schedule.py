"""Who is trained first: what the question needs, what a person asked for, one of each way."""

from __future__ import annotations

import pytest

from core.catalog.defaults import all_candidates, contrast, usual_candidates
from core.compare.schedule import WAYS, first_of, order


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize(("n_texts", "n_columns"), [(1, 4), (2, 0), (0, 3)])
def test_of_a_list_that_holds_the_contrast_exactly_that_is_trained_first(task, n_texts, n_columns):
    needed = contrast(n_texts, n_columns, task)
    for names in (needed, usual_candidates(n_texts, n_columns, task), all_candidates(n_texts, n_columns, task)):
        assert first_of(names, task) == first_of(names[::-1], task) == needed
        assert order(names, 3000, task)[: len(needed)] == needed


def test_a_number_meets_its_boosted_rivals_first():
    assert order(all_candidates(1, 3, "regression"), 600, "regression")[2:4] == ["classical+boosting", "classical"]
    assert order(["columns", "columns+forest", "columns+boosting", "dummy"], 600, "regression") == [
        "dummy", "columns+boosting", "columns", "columns+forest",
    ]  # fmt: skip


def test_one_of_each_way_comes_before_second_variants():
    ordered = order(all_candidates(1, 3, "multiclass"), 700, "multiclass")
    last_way = max(ordered.index(name) for name in WAYS)
    assert all(ordered.index(name) > last_way for name in ("text-llm", "columns-as-text"))
    assert ordered.index("columns+boosting") < ordered.index("cooperative-tuned")


def test_what_was_asked_for_comes_first_after_the_contrast():
    names = all_candidates(1, 3, "multiclass")
    needed = first_of(names)
    assert order(names, 700, None, "text-llm")[len(needed)] == "text-llm"


def test_a_choice_without_the_plain_candidates_has_a_contrast_of_its_own():
    assert first_of(["joint", "cooperative:e5+forest", "text-tfidf", "dummy"]) == [
        "dummy", "text-tfidf", "cooperative:e5+forest",
    ]  # fmt: skip
    assert first_of(["auto", "joint", "cooperative-tuned"]) == ["joint"]  # no language model, no answer
    assert first_of(["auto"]) == []
    assert first_of(["dummy", "classical+svm-linear", "classical+knn", "cooperative+knn"]) == [
        "dummy", "classical+svm-linear", "cooperative+knn",
    ]  # fmt: skip
    assert first_of(["columns+linear", "classical+linear", "classical+boosting", "cooperative+linear"])[0:3] == [
        "columns+linear", "classical+linear", "classical+boosting",
    ]  # fmt: skip
