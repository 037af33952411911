"""Advice by probabilities where rows are very few."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

from core.fuse.assisted.base import Rows
from core.fuse.assisted.probabilities import Probabilities
from tests.fuse.advisers import Hint, hinted, parent


def probabilities(task: str = "binary", model: str = "linear") -> Probabilities:
    return Probabilities(parent(task, model), Hint(["hint"], task), task=task)


def test_very_few_rows_are_not_divided():
    X, y = hinted(5, seed=0)
    made = probabilities().fit(X, y)
    assert made.trust_ == 0
    assert "too few rows" in str(made.advice().trust.note)


def test_the_answer_is_the_mean_of_log_probabilities_by_trust():
    made = probabilities()
    plain, advised = np.array([[0.9, 0.1], [0.0, 1.0]]), np.array([[0.5, 0.5], [0.2, 0.8]])
    for trust in (0.25, 0.75):
        made._learn(None, trust)
        kept = np.maximum(plain, 1e-6) ** (1 - trust) * advised**trust
        assert made._answer((plain, advised)) == pytest.approx(kept / kept.sum(axis=1, keepdims=True))
    made._learn(None, 0.5)
    assert made._answer((plain, None)) is plain
    made._learn(None, 0.0)
    assert made._answer((plain, advised)) is plain
    made._learn(None, 1.0)
    assert made._answer((plain, advised)) is advised


@pytest.mark.parametrize("text", [True, False])
def test_two_models_are_fitted_without_and_with_the_advisers_log_probabilities(text):
    X, y = hinted(60)
    made = Probabilities(parent(text=text), Hint(["hint"]), task="binary")
    made.columns_ = ["text", "size", "hint"]
    codes = made._coded(y)
    rows = made._advise(Rows(X, codes, X[:0]))
    made._begin(rows, True)
    plain, advised = made._seen(X, True)
    assert made._seen(X, False)[1] is None
    features = clone(made.parent.features).fit_transform(X, codes)
    features = features.toarray() if scipy.sparse.issparse(features) else features
    assert plain == pytest.approx(clone(made.parent.model).fit(features, codes).predict_proba(features), abs=1e-6)
    hints = StandardScaler().fit_transform(np.log(np.maximum(made.adviser_.predict_proba(X), 1e-6)))
    beside = np.hstack([features, hints])
    assert advised == pytest.approx(clone(made.parent.model).fit(beside, codes).predict_proba(beside), abs=1e-4)
    assert made._shared() == ("adviser_",)


def test_new_rows_need_the_adviser_only_where_it_is_followed():
    made = probabilities()
    for trust in (0.0, 0.5):
        made.adviser_, made.scaler_, made.model_, made.plain_ = "adviser", "scaler", "advised", "plain"
        made._learn(None, trust)
        made._forget()
        assert (made.model_, hasattr(made, "adviser_"), hasattr(made, "scaler_")) == (
            ("advised", True, True) if trust else ("plain", False, False)
        )
