"""What a job is given to work on, once something was added to it."""

from __future__ import annotations

from core.job_params import CompareParams
from core.plan import Plan


def test_candidates_added_to_a_search_are_all_scored_on_the_same_folds():
    alone = CompareParams(dataset="d", plan=Plan(target="mood", candidates=["auto"], validation={"kind": "search"}))
    assert alone.in_force() == alone.plan
    beside = alone.model_copy(update={"added": ["columns"]}).in_force()
    assert Plan.model_validate(beside.model_dump()).validation.kind == "kfold"
