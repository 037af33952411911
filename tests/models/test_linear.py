"""Weighted sums with the catalogue's C: the larger, the less they are held back."""

from __future__ import annotations

import numpy as np
import pytest

from core.models.linear import linear, svm_linear

COMMON = {"balanced": False, "seed": 0, "threads": 1}


def test_ridge_by_its_closed_form():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), rng.normal(size=30)
    model = linear(task="regression", settings={"C": 2.0}, **COMMON).fit(X, y)
    centred, target = X - X.mean(axis=0), y - y.mean()
    assert model.coef_ == pytest.approx(np.linalg.solve(centred.T @ centred + 5.0 * np.eye(2), centred.T @ target))


@pytest.mark.parametrize("make", [linear, svm_linear])
def test_a_larger_c_holds_back_less(make):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 2))
    y = X[:, 0] + 0.1 * rng.normal(size=60)
    small, large = (make(task="regression", settings={"C": c}, **COMMON).fit(X, y).coef_[0] for c in (0.001, 10.0))
    assert abs(small) < abs(large)


def test_a_linear_machine_for_classes_has_probabilities_that_sum_to_one():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 2))
    y = np.where(X[:, 0] > 0, "yes", "no")
    model = svm_linear(task="binary", settings={"C": 1.0}, balanced=True, seed=0, threads=1).fit(X, y)
    assert model.estimator.class_weight == "balanced"
    found = model.predict_proba(X)
    assert found.sum(axis=1) == pytest.approx(np.ones(60))
    assert (model.classes_[found.argmax(axis=1)] == y).mean() > 0.9
