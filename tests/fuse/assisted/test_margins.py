"""Advice by margins: planted help is used, planted noise is not."""

from __future__ import annotations

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import clone

from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.probabilities import Probabilities
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
