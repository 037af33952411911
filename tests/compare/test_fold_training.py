"""A budget ends a training that it may end, between two steps, and never one that the question needs."""

from __future__ import annotations

import numpy as np
import pytest

from core.compare.estimator import Estimator
from core.compare.files.run_key import RunKeys
from core.compare.fold_training import FoldTrainer, OutOfTime
from core.compare.prepare import prepare
from core.encode.batches import report_progress
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.messages import say
from core.plan import Plan, Validation
from core.results.comparison import CandidateResult
from tests.fuse.tables import tickets


class Slow:
    """A candidate that says how far it is while it is fitted."""

    def __init__(self, inner):
        self.inner = inner

    def __sklearn_clone__(self):
        return self

    def fit(self, X, y, **bound):
        for step in range(3):
            report_progress(step, 3)
        return self.inner.fit(X, y)


@pytest.fixture
def trainer(tmp_path):
    table, schema = tickets()
    plan = Plan(target="mood", candidates=["columns"], validation=Validation(folds=2))
    prepared = prepare(table, schema, plan)
    setting = Setting(prepared.schema, plan, prepared.task)
    clock = {"now": 0.0}
    estimator = Estimator(2, False, budget_seconds=100.0, clock=lambda: clock["now"])
    estimator.expect("columns", 1.0)
    keys = RunKeys(prepared, setting, tmp_path)
    keys.start_anew(
        [CandidateResult(name="columns", mode="columns", status="waiting")], {"columns": build("columns", setting)}
    )
    heard = []
    made = FoldTrainer(prepared, setting, tmp_path, estimator, keys, heard.append)
    return made, Slow(build("columns", setting)), clock, heard


def test_within_the_budget_and_a_little_beyond_it_goes_on(trainer):
    made, candidate, clock, heard = trainer
    clock["now"] = 104.0
    rows = np.arange(len(made.prepared.y))
    made.fitted(candidate, "columns", "0", rows, say("training"), limited=True)
    assert len(heard) == 3


def test_beyond_it_the_training_ends_at_its_next_step(trainer):
    made, candidate, clock, heard = trainer
    clock["now"] = 106.0
    with pytest.raises(OutOfTime):
        made.fitted(candidate, "columns", "0", np.arange(len(made.prepared.y)), say("training"), limited=True)
    assert heard == []


def test_what_the_question_needs_is_not_ended(trainer):
    made, candidate, clock, heard = trainer
    clock["now"] = 1e6
    made.fitted(candidate, "columns", "0", np.arange(len(made.prepared.y)), say("training"))
    assert len(heard) == 3
