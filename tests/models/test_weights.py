"""“Weight classes by their rarity”: the rare class is found more often by every model, also through calibration."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import LinearSVC
from sklearn.utils.class_weight import compute_sample_weight

from core import catalog
from core.models.calibrated import Calibrated
from core.models.factory import build, in_force

CLASSIFIERS = [model.name for model in catalog.MODELS if "binary" in model.tasks]
FEWER_TREES = {"forest": {"n_estimators": 40}, "extra-trees": {"n_estimators": 40}, "lightgbm": {"n_estimators": 40}}
SEEDS = range(8)


@lru_cache
def imbalanced(task: str, seed: int):
    """600 rows in overlapping classes; the last class is rare (8 to 10 %)."""
    random = np.random.default_rng(seed)
    shares = [0.9, 0.1] if task == "binary" else [0.6, 0.32, 0.08]
    y = random.choice(len(shares), 600, p=shares)
    X = random.normal(size=(600, 4))
    X[:, 0] += 1.2 * (y == len(shares) - 1)
    X[:, 1] += 1.2 * (y == 1)
    return X, y


def fitted(name: str, task: str, balanced: bool, seed: int):
    X, y = imbalanced(task, seed)
    return build(name, task, FEWER_TREES.get(name), balanced).fit(X[:300], y[:300])


def rare_recall(name: str, task: str, balanced: bool) -> float:
    """Mean over generated tables, on rows that were held back."""
    found = []
    for seed in SEEDS:
        X, y = imbalanced(task, seed)
        said = fitted(name, task, balanced, seed).predict(X[300:])
        found.append(np.mean(said[y[300:] == y.max()] == y.max()))
    return float(np.mean(found))


@pytest.mark.parametrize("task", ["binary", "multiclass"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_weights_find_more_of_the_rare_class(name, task):
    assert rare_recall(name, task, balanced=True) >= rare_recall(name, task, balanced=False) + 0.02


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize("task", ["binary", "multiclass"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_answer_is_the_most_probable_class(name, task, balanced):
    model = fitted(name, task, balanced, seed=0)
    X = imbalanced(task, 0)[0]
    assert (model.predict(X) == model.classes_[model.predict_proba(X).argmax(axis=1)]).all()


def test_the_calibration_is_that_of_weighted_rows():
    X, y = imbalanced("binary", 1)
    ours = Calibrated(LinearSVC(class_weight="balanced", dual="auto", random_state=0)).fit(X, y)
    theirs = CalibratedClassifierCV(LinearSVC(dual="auto", random_state=0), cv=3, ensemble=False)
    theirs.fit(X, y, sample_weight=compute_sample_weight("balanced", y))
    assert ours.predict_proba(X) == pytest.approx(theirs.predict_proba(X))
    # of weighted rows either class is one half
    assert np.average(ours.predict_proba(X)[:, 1], weights=compute_sample_weight("balanced", y)) == pytest.approx(
        0.5, abs=0.02
    )


def test_a_neighbours_vote_is_divided_by_the_share_of_its_class():
    X = np.array([[0.0], [0.1], [0.2], [0.3], [9.0], [9.1]])
    y = np.array([0, 0, 1, 0, 0, 0])
    model = build("knn", "binary", {"n_neighbors": 4, "weights": "uniform"}, balanced=True).fit(X, y)
    # votes at 0.1: three of class 0 (weight 6 / (2 · 5)), one of class 1 (6 / (2 · 1))
    assert model.predict_proba([[0.1]])[0] == pytest.approx([1.8 / 4.8, 3 / 4.8])
    assert model.predict([[0.1]]) == [1]


def test_weighted_trees_keep_ten_rows_in_a_leaf_unless_more_are_asked_for():
    assert build("tree", "binary", {"min_samples_leaf": 3}, balanced=True).min_samples_leaf == 10
    assert build("tree", "binary", {"min_samples_leaf": 25}, balanced=True).min_samples_leaf == 25
    assert build("tree", "binary", {"min_samples_leaf": 3}).min_samples_leaf == 3
    assert build("tree", "regression", balanced=True).min_samples_leaf == 1
    assert in_force("forest", {}, True) == {"min_samples_leaf": 10}
    assert in_force("forest", {}, False) == in_force("linear", {}, True) == {}


@pytest.mark.parametrize("name", ["svm-linear", "svm-kernel", "knn"])
def test_weights_on_sparse_rows_are_those_on_dense_ones(name):
    X, y = imbalanced("multiclass", 2)
    dense, sparse = (build(name, "multiclass", balanced=True).fit(rows, y) for rows in (X, sp.csr_matrix(X)))
    assert sparse.predict_proba(sp.csr_matrix(X)) == pytest.approx(dense.predict_proba(X), abs=0.02)
