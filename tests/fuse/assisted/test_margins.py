"""Advice by margins: planted help is used, planted noise is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import clone

from core.fuse.assisted.base import Rows
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.probabilities import Probabilities
from core.fuse.predictor import Predictor
from tests.fuse.advisers import Hint, hinted, log_loss, numbers, parent


def margins(task: str = "binary") -> BoostedMargins:
    return BoostedMargins(parent(task, "lightgbm", text=False), Hint(["hint"], task), task=task)


def probabilities(task: str = "binary", model: str = "linear") -> Probabilities:
    return Probabilities(parent(task, model), Hint(["hint"], task), task=task)


@pytest.mark.parametrize("make", [margins, probabilities])
def test_planted_help_is_used_and_wins(make):
    X, y = hinted()
    fresh, truth = hinted(seed=1)
    made = make().fit(X, y)
    alone = clone(made.parent).fit(X, y)
    assert made.trust_ >= 0.5
    assert made.advice().trust.value == made.trust_ == made.settings_["trust"]
    assert len(made.advice().trust.curve) == 5
    gained = log_loss(alone.predict_proba(fresh), truth, alone.classes_) - log_loss(
        made.predict_proba(fresh), truth, made.classes_
    )
    assert gained > 0.1
    assert np.allclose(made.predict_proba(fresh).sum(axis=1), 1)


@pytest.mark.parametrize("make", [margins, probabilities])
@pytest.mark.parametrize("k", [2, 3])
def test_without_help_it_is_its_parent_to_the_last_digit(make, k):
    task = "binary" if k == 2 else "multiclass"
    X, y = hinted(helpful=False, k=k)
    fresh, _truth = hinted(80, seed=1, k=k)
    made = make(task).fit(X, y)
    assert made.trust_ == 0
    assert "did not help" in str(made.advice().trust.note)
    assert np.array_equal(made.predict_proba(fresh), clone(made.parent).fit(X, y).predict_proba(fresh))
    assert made.text_encoders().keys() <= {"text"}
    assert not hasattr(made, "adviser_")  # new rows don't need it


def test_numbers_start_from_what_the_adviser_says():
    X, y = numbers()
    fresh, truth = numbers(seed=1)
    made = margins("regression").fit(X, y)
    alone = clone(made.parent).fit(X, y)
    assert made.trust_ >= 0.5
    assert np.mean((made.predict(fresh) - truth) ** 2) < 0.5 * np.mean((alone.predict(fresh) - truth) ** 2)
    X, y = numbers(helpful=False)
    made = margins("regression").fit(X, y)
    assert made.trust_ == 0
    assert np.array_equal(made.predict(fresh), clone(made.parent).fit(X, y).predict(fresh))


@pytest.mark.parametrize("k", [2, 3])
def test_boosting_from_the_prior_is_plain_boosting(k):
    """Where the margin is the prior, any trust starts where LightGBM starts by itself."""
    X, y = hinted(k=k)
    made = margins("binary" if k == 2 else "multiclass")
    made.classes_, codes = np.unique(y, return_inverse=True)
    made.prior_, made.known_, made.trust_ = made._log_shares(codes), np.arange(k), 0.5
    features = X[["size"]].to_numpy()
    flat = np.tile(made.prior_, (len(y), 1))
    settings = {"n_estimators": 20, "verbose": -1, "deterministic": True, "force_row_wise": True}
    plain = LGBMClassifier(**settings).fit(features, codes)
    made.model_ = LGBMClassifier(**settings).fit(features, codes, init_score=made._start(flat))
    assert made._answer((features, flat)) == pytest.approx(plain.predict_proba(features), abs=1e-3)


def test_a_margin_comes_from_an_adviser_that_has_not_seen_the_label():
    """An adviser that learns its rows by heart is found out: what it says of others is worth nothing."""
    X, y = hinted(helpful=False)
    y = np.random.default_rng(3).permutation(y)
    by_heart = parent("binary", "tree")
    made = BoostedMargins(parent("binary", "lightgbm", text=False), by_heart, task="binary").fit(X, y)
    assert made.trust_ == 0


@pytest.mark.parametrize("make", [margins, probabilities])
def test_a_class_that_inner_folds_may_miss_is_no_trouble(make):
    X, y = hinted(60, k=3)
    y[y == "class 1"] = "class 0"
    y[0] = "class 1"
    said = make("multiclass").fit(X, y).predict_proba(X)
    assert said.shape == (60, 3)
    assert np.allclose(said.sum(axis=1), 1)


def test_the_same_seed_gives_the_same_twice():
    X, y = hinted()
    for make in (margins, probabilities):
        assert np.array_equal(make().fit(X, y).predict_proba(X), make().fit(X, y).predict_proba(X))


def test_weighed_classes_start_with_equal_shares_and_one_without_rows_with_hardly_any():
    made = BoostedMargins(parent(model="lightgbm"), Hint(["hint"]))
    made.classes_, codes = np.array(["a", "b", "c"], dtype=object), np.array([0, 0, 0, 1])
    assert np.exp(made._log_shares(codes)) == pytest.approx([0.75, 0.25, 1e-4])
    made.parent.model.set_params(class_weight="balanced")
    assert np.exp(made._log_shares(codes)) == pytest.approx([0.5, 0.5, 1e-4])


class Heart(Predictor):
    """Says of each row how often it was fitted on it, by the number in “row”; 0.1 + that for the later class."""

    def __init__(self, task: str = "binary") -> None:
        self.task = task

    def fit(self, X, y):
        self.columns_ = ["row"]
        self._coded(y)
        self.rows_ = list(X["row"])
        return self

    def predict_both(self, X):
        seen = np.array([self.rows_.count(row) for row in X["row"]], dtype=float)
        if self.task == "regression":
            return seen + len(self.rows_) / 100, None
        later = 0.1 + 0.5 * seen
        return self.classes_[np.zeros(len(X), dtype=int)], np.column_stack([1 - later, later])


@pytest.mark.parametrize(("n", "divided"), [(5, False), (6, True), (30, True)])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_margins_of_training_rows_come_from_two_thirds_without_them(task, n, divided):
    X = pd.DataFrame({"row": np.arange(n), "size": np.arange(n, dtype=float)})
    made = BoostedMargins(parent(task, "lightgbm", text=False), Heart(task), task=task)
    y = made._coded(np.arange(n) % 2)
    material = made._begin(Rows(X, y, X[:0]), True)
    if task == "regression":
        assert made.prior_ == pytest.approx(np.mean(np.arange(n) % 2))
        expected = n * 2 // 3 / 100 if divided else made.prior_
    else:
        expected = np.log([0.9, 0.1]) if divided else made.prior_
        assert np.exp(made.prior_) == pytest.approx([(n + 1) // 2 / n, n // 2 / n])
    assert material[2] == pytest.approx(np.tile(expected, (n, 1) if task == "binary" else n))
    assert made.adviser_.rows_ == list(range(n))
    assert made._begin(Rows(X, y, X[:0]), False)[2] is None


def test_a_fold_that_trains_on_one_class_leaves_the_prior():
    X = pd.DataFrame({"row": np.arange(9), "size": np.arange(9.0)})
    made = BoostedMargins(parent("binary", "lightgbm", text=False), Heart(), task="binary")
    made._coded(["a", "b"])
    y = np.array([0] * 8 + [1])
    made.prior_ = made._log_shares(y)
    found = made._out_of_fold(Rows(X, y, X[:0]))
    assert found[8] == pytest.approx(made.prior_)  # without it there is one class
    assert (found == pytest.approx(made.prior_)) is False
    assert sum(np.allclose(row, np.log([0.9, 0.1])) for row in found) == 6


def test_where_boosting_starts_between_the_prior_and_the_margin():
    made = BoostedMargins(parent("multiclass", "lightgbm"), Hint(["hint"]))
    made.prior_, made.trust_ = np.array([-1.0, -2.0, -3.0]), 0.25
    margins = np.array([[-2.0, -2.0, 1.0]])
    for known, start in (([0, 1, 2], [[-1.25, -2.0, -2.0]]), ([0, 2], [-0.75]), ([1], [[-2.0]])):
        made.known_ = np.array(known)
        assert made._start(margins).tolist() == start
    number = BoostedMargins(parent("regression", "lightgbm"), Hint(["hint"]), task="regression")
    number.prior_, number.trust_ = 4.0, 0.5
    assert number._start(np.array([8.0, 0.0])).tolist() == [6, 2]


def test_impossible_classes_of_an_adviser_are_a_little_possible():
    made = BoostedMargins(parent(), Hint(["hint"]))
    made._coded(["class 0", "class 1", "class 2"])
    adviser = Hint(["hint"]).fit(None, ["class 0", "class 2"])
    found = made._margins(adviser, pd.DataFrame({"hint": [0.0, 99.0]}))
    assert np.exp(found) == pytest.approx(np.array([[0.5, 1e-4, 0.5], [1e-4, 1e-4, 1]]))


@pytest.mark.parametrize(("trust", "kept"), [(0.0, False), (0.25, True)])
def test_the_adviser_is_kept_where_it_is_trusted(trust, kept):
    made = BoostedMargins(parent(), Hint(["hint"]))
    made.adviser_, made.trust_ = "adviser", trust
    made._forget()
    assert hasattr(made, "adviser_") == kept
