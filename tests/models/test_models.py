"""Every classical model, on every task it says it can do."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.base import clone

from core import catalog
from core.messages import UnknownChoice
from core.models.factory import build
from core.models.search import search

PAIRS = [(model.name, task) for model in catalog.MODELS for task in sorted(model.tasks)]


@pytest.fixture(scope="module")
def points():
    random = np.random.default_rng(0)
    X = random.normal(size=(120, 5))
    return X, {
        "binary": (X[:, 0] > 0).astype(int),
        "multiclass": np.digitize(X[:, 0] + X[:, 1], [-0.7, 0.7]),
        "regression": 2 * X[:, 0] + X[:, 1],
    }


@pytest.mark.parametrize(("name", "task"), PAIRS)
@pytest.mark.parametrize("balanced", [False, True])
def test_learns_and_is_repeatable(points, name, task, balanced):
    X, targets = points
    model = build(name, task, balanced=balanced, seed=3, threads=2)
    first = model.fit(X[:90], targets[task][:90])
    assert first.score(X[90:], targets[task][90:]) > 0.6
    again = clone(model).fit(X[:90], targets[task][:90])
    assert first.predict(X) == pytest.approx(again.predict(X), rel=1e-12)
    if task != "regression":
        shares = first.predict_proba(X)
        assert shares.shape == (120, len(set(targets[task])))
        assert shares.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("name", [model.name for model in catalog.MODELS if model.sparse])
def test_sparse_features_are_taken_as_they_are(points, name):
    X, targets = points
    model = build(name, "binary").fit(sp.csr_matrix(np.maximum(X, 0)), targets["binary"])
    assert model.score(sp.csr_matrix(np.maximum(X, 0)), targets["binary"]) > 0.8


@pytest.mark.parametrize("name", ["svm-linear", "svm-kernel"])
def test_a_class_of_one_row_has_a_probability(points, name):
    X, _targets = points
    y = np.array([0] * 60 + [1] * 59 + [2])
    assert build(name, "multiclass").fit(X, y).predict_proba(X).shape == (120, 3)


@pytest.mark.parametrize(
    ("name", "task", "settings"),
    [
        ("bayes", "regression", {}),
        ("linear", "binary", {"C": -1}),
        ("linear", "binary", {"depth": 2}),
        ("no", "binary", {}),
    ],
)
def test_what_cannot_be_is_one_sentence(name, task, settings):
    with pytest.raises(UnknownChoice):
        build(name, task, settings)


def test_a_search_begins_at_the_defaults_and_never_ends_below_them():
    best, trials = search(
        "tree", lambda settings: -abs(settings["max_depth"] - 7), trials=15, budget_seconds=None, seed=0
    )
    assert trials[0]["settings"]["max_depth"] == 0
    assert len(trials) == 15
    assert -abs(best["max_depth"] - 7) == max(trial["score"] for trial in trials)
