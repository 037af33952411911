"""What evaluation and explanation hand on can't be changed by whoever gets it: many share one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from core.evaluate.error_costs import ErrorCosts
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.subgroups import Group
from core.explain.against_shap.explainers import Answer
from core.explain.amortized.accuracy import Long
from core.explain.amortized.lessons import Lesson
from core.explain.attention.rollout import Looked
from core.explain.counterfactual.edits import Step
from core.explain.counterfactual.search import Goal
from core.explain.model_internals.training_rows import Training
from core.explain.quality.agreement import Values
from core.explain.quality.perturbation_curve import RowWalk
from core.explain.readers import Reader
from core.explain.shapley.evaluators import Other
from core.explain.shapley.many_rows_game import Block
from core.explain.shapley.tree_shap import Trees
from core.explain.shapley.values import Shares
from core.explain.text.paired_regression import Found, Prior
from core.explain.text.token_states import Words

KINDS = [
    ErrorCosts, Sampling, Group, Answer, Long, Lesson, Looked, Step, Goal, Training, Values, RowWalk, Reader, Other,
    Block, Trees, Shares, Found, Prior, Words,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_handed_on_is_frozen(kind):
    handed = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        handed.value = 0
