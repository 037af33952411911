"""Models as sums over features: the sums of all columns together say what the model says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR

from core.explain.shapley.linear_and_kernel import head_of, last_step
from core.fuse.columns import Dense
from core.models.calibrated import Calibrated

ALL = np.arange(4)


def rows(classes: int):
    rng = np.random.default_rng(classes)
    X = rng.normal(size=(90, 4))
    score = X @ [1.0, -1.0, 0.5, 0.0] + 0.5 * rng.normal(size=90)
    return X, score if classes == 0 else np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(C=0.7),
        Calibrated(LinearSVC()),
        Calibrated(SVC(random_state=0)),
        Calibrated(SVC(kernel="poly", degree=2, coef0=1.0, random_state=0)),
        Calibrated(SVC(kernel="sigmoid", gamma=0.1, random_state=0)),
    ],
    ids=["logistic", "linear-svm", "rbf", "poly", "sigmoid"],
)
def test_the_sums_of_all_features_give_the_models_probabilities(model, classes):
    X, y = rows(classes)
    model.fit(X, y)
    head = head_of(model)
    assert head.outputs(head.parts(X, ALL)) == pytest.approx(model.predict_proba(X), abs=1e-9)


@pytest.mark.parametrize("model", [Ridge(), LinearSVR(), SVR()], ids=["ridge", "linear-svr", "svr"])
def test_the_sums_of_all_features_give_the_models_number(model):
    X, y = rows(0)
    model.fit(X, y)
    head = head_of(model)
    assert head.outputs(head.parts(X, ALL)) == pytest.approx(model.predict(X), abs=1e-9)


@pytest.mark.parametrize("model", [LogisticRegression(), SVC()], ids=["sum", "distances"])
def test_columns_are_added_up(model):
    X, y = rows(2)
    head = head_of(model.fit(X, y))
    apart = head.parts(X, np.array([0, 2])) + head.parts(X, np.array([1, 3]))
    assert apart == pytest.approx(head.parts(X, ALL))


@pytest.mark.parametrize("model", [LogisticRegression(), Calibrated(LinearSVC())], ids=["logistic", "linear-svm"])
def test_differences_of_the_margin_are_those_of_the_log_odds(model):
    X, y = rows(2)
    probabilities = model.fit(X, y).predict_proba(X)
    odds = np.log(probabilities[:, 1] / probabilities[:, 0])
    head = head_of(model)
    assert head.straight
    margin = head.margin(head.parts(X, ALL))
    assert margin - margin[0] == pytest.approx(odds - odds[0], abs=1e-6)


def test_sparse_rows_say_what_dense_ones_do():
    X, y = rows(3)
    head = head_of(LogisticRegression().fit(X, y))
    assert head.parts(sparse.csr_matrix(X), ALL) == pytest.approx(head.parts(X, ALL))


def test_steps_that_change_features_are_not_looked_behind():
    X, y = rows(2)
    scaled = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    stored = make_pipeline(Dense(), LogisticRegression()).fit(X, y)
    assert last_step(scaled) is None
    assert last_step(stored) is stored[-1]
    assert head_of(scaled) is None
    assert head_of(RandomForestClassifier(3).fit(X, y)) is None
