"""What is compared when nobody chooses: the contrast first, a fair rival for every language model, no name twice."""

from __future__ import annotations

import pytest

from core.catalog import FUSIONS, fusion
from core.catalog.defaults import all_candidates, contrast, usual_candidates
from core.names import parse

TABLES = [(1, 4), (2, 0), (0, 3)]  # texts, columns
TASKS = ["binary", "multiclass", "regression"]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(("n_texts", "n_columns"), TABLES)
def test_what_is_compared_by_default_begins_with_the_contrast(task, n_texts, n_columns):
    needed, usual = contrast(n_texts, n_columns, task), usual_candidates(n_texts, n_columns, task)
    every = all_candidates(n_texts, n_columns, task)
    assert usual[: len(needed)] == needed
    assert every[: len(usual)] == usual
    assert len(set(every)) == len(every)
    assert {parse(name).family for name in every} <= {one.name for one in FUSIONS}
    assert ("cooperative-tuned" in usual) == (n_texts > 0)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(("n_texts", "n_columns"), TABLES)
def test_nothing_is_compared_that_the_table_has_no_columns_for(task, n_texts, n_columns):
    needs = {fusion(parse(name).family).needs for name in all_candidates(n_texts, n_columns, task)}
    assert n_texts or "text" not in needs
    assert n_columns or "columns" not in needs


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(("n_texts", "n_columns"), TABLES)
def test_the_contrast_has_guessing_and_a_linear_and_a_boosted_rival(task, n_texts, n_columns):
    needed = contrast(n_texts, n_columns, task)
    rival = "classical" if n_texts else "columns"
    assert needed[0] == "dummy"
    assert {rival, f"{rival}+boosting"} <= set(needed)
    assert (needed.index(f"{rival}+boosting") < needed.index(rival)) == (task == "regression")
    assert any(fusion(parse(name).family).llm for name in needed)
