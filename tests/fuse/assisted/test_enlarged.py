"""Soft labels as weighted rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from core.data.splits.inner import Dependence
from core.fuse.assisted.base import Rows
from core.fuse.assisted.enlarged import (
    Enlarged,
    Lesson,
    Material,
    _bound,
    _classes,
    _numbers,
    can_weigh,
    fit_weighted,
    in_shares,
    some,
)
from core.models.factory import build as build_model
from tests.fuse.advisers import hinted, numbers, parent

# Soft labels


def test_a_soft_label_is_several_weighted_rows():
    lesson = Lesson(pd.DataFrame(index=[0]), np.array([[0.75, 0.25]]), own=np.array([[0.5, 0.5], [0.0, 1.0]]))
    places, codes, weights = _classes(np.array([0, 1]), lesson, 0.5, 2)
    assert list(zip(places, codes, weights, strict=True)) == [
        (0, 0, 0.75),  # half its label, half the advice
        (0, 1, 0.25),
        (1, 1, 1.0),
        (2, 0, 0.375),  # an added row counts half
        (2, 1, 0.125),
    ]
    y, weights = _numbers(np.array([2.0]), Lesson(pd.DataFrame(index=[0]), np.array([7.0]), np.array([4.0])), 0.25)
    assert (y.tolist(), weights.tolist()) == ([2.5, 7.0], [1.0, 0.25])


@pytest.mark.parametrize(
    ("model", "able"), [("linear", True), ("lightgbm", True), ("knn", False), ("svm-linear", False)]
)
def test_some_models_can_not_weigh_rows(model, able):
    assert can_weigh(build_model(model, "binary")) == able


def test_soft_labels_take_the_shares_of_labelled_rows():
    """By hand: means .7 and .3 become the shares 2/4 and 2/4 (one label each, and one more), by 5/7 and 5/3."""
    targets, weights = in_shares(np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([0, 1]))
    assert weights == pytest.approx([0.9 * 5 / 7 + 0.1 * 5 / 3, 0.5 * 5 / 7 + 0.5 * 5 / 3])
    assert weights.mean() == pytest.approx(1)
    assert targets[0] == pytest.approx([27 / 34, 7 / 34])
    assert (targets * weights[:, None]).mean(axis=0) == pytest.approx([0.5, 0.5])


def test_an_added_row_is_a_group_of_its_own_and_labelled_ones_stay_together():
    """Else a split inside the model's fit (calibration, early stopping) would have a row on both sides."""
    material = Material(None, np.array([0, 1, 1]), dependence=Dependence(np.array([4, 4, 2]), np.arange(3.0)))
    bound = _bound(material, 2)
    assert bound.groups.tolist() == [4, 4, 2, 5, 6]
    assert bound.times[:3].tolist() == [0, 1, 2]
    assert np.isnan(bound.times[3:]).all()
    assert _bound(Material(None, np.array([0, 1])), 1).groups.tolist() == [0, 1, 2]


class Taught(Enlarged):
    """Is taught what it is given."""

    def __init__(self, parent, lesson, texts=None, task="binary", seed=0):
        self.parent, self.lesson, self.texts, self.task, self.seed = parent, lesson, texts, task, seed

    def _lesson(self, rows):
        return self.lesson


def learn(task: str, lesson: Lesson, y: np.ndarray, X: pd.DataFrame, trust: float, text: bool) -> Taught:
    made = Taught(parent(task, text=text), lesson, task=task)
    made.columns_, made.classes_ = list(X.columns), np.array(["no", "yes"], dtype=object)
    made._learn(made._begin(Rows(X, y, X[:0]), True), trust)
    return made


@pytest.mark.parametrize("text", [False, True])
def test_a_model_is_fitted_on_weighted_rows_of_one_class_each(text):
    """Against the parent's model on rows that are written out by hand."""
    X, _labels = hinted(40)
    y = np.arange(40) % 2
    lesson = Lesson(X[30:33], np.array([[0.75, 0.25], [0.0, 1.0], [0.5, 0.5]]), weights=np.array([1.0, 2.0, 0.5]))
    made = learn("binary", lesson, y, X[["text", "size"]], 0.5, text)
    features = clone(parent(text=text).features)
    wide = features.fit_transform(pd.concat([X, lesson.X]))
    wide = wide.toarray() if scipy.sparse.issparse(wide) else wide
    places = [*range(40), 40, 40, 41, 42, 42]
    codes, weights = [*y, 0, 1, 1, 0, 1], [*np.ones(40), 0.375, 0.125, 1.0, 0.125, 0.125]
    expected = clone(made.parent.model)
    fit_weighted(expected, wide[places], np.array(codes), np.array(weights))
    found = made._answer(made._seen(X, True))
    assert found == pytest.approx(expected.predict_proba(features.transform(X)), abs=1e-4)


def test_numbers_are_learned_from_weighted_rows():
    X, y = numbers(30)
    lesson = Lesson(X[:5], np.arange(5.0), own=y[::-1])
    made = learn("regression", lesson, y, X[["size"]], 0.25, False)
    assert made.trust_ == 0.25
    wide = made.wide_.transform(pd.concat([X, X[:5]]))
    expected = clone(made.parent.model)
    own = [0.75 * one + 0.25 * other for one, other in zip(y, y[::-1], strict=True)]
    fit_weighted(expected, wide, np.array([*own, 0, 1, 2, 3, 4]), np.array([1.0] * 30 + [0.25] * 5))
    assert made._answer(made._seen(X, True)) == pytest.approx(expected.predict(wide[:30]))


def test_without_trust_it_reads_the_labelled_rows_alone_and_with_it_the_wide_features():
    X, _labels = hinted(30)
    lesson = Lesson(X[:5].assign(text="entirely other words"), np.tile([0.0, 1.0], (5, 1)))
    y = np.arange(30) % 2
    for trust in (0.0, 0.5):
        made = learn("binary", lesson, y, X[["text", "size"]], trust, True)
        plain = clone(parent()).fit(X[["text", "size"]], y)
        same = made._answer(made._seen(X, True)) == pytest.approx(plain.predict_proba(X))
        assert same == (trust == 0)
        wide = made.wide_
        made._forget()
        assert made.features_ is wide
        assert not hasattr(made, "wide_")
        assert made.columns_ == ["text", "size"]


def test_a_pipeline_hands_weights_to_its_last_step():
    X, y, weights = np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 0]), np.array([1.0, 2.0, 0.5])
    made, alone = Pipeline([("same", StandardScaler()), ("model", LogisticRegression())]), LogisticRegression()
    assert can_weigh(made)
    assert not can_weigh(Pipeline([("same", StandardScaler()), ("model", KNeighborsClassifier())]))
    fit_weighted(made, X, y, weights)
    alone.fit(StandardScaler().fit_transform(X), y, sample_weight=weights)
    assert made.predict_proba(X) == pytest.approx(alone.predict_proba(StandardScaler().fit_transform(X)))


def test_what_is_faint_is_left_out_and_the_rest_makes_up_for_it():
    added = np.array([[0.019, 0.981], [0.02, 0.98], [0.0, 0.0]])
    places, codes, weights = _classes(np.array([1]), Lesson(pd.DataFrame(index=range(3)), added), 0.5, 2)
    assert list(zip(places, codes, strict=True)) == [(0, 1), (1, 1), (2, 0), (2, 1)]
    assert weights == pytest.approx([1, 0.5, 0.01, 0.49])
    weighted = Lesson(pd.DataFrame(index=range(3)), added, weights=np.array([3.0, 1.0, 1.0]))
    assert _classes(np.array([1]), weighted, 0.5, 2)[2] == pytest.approx([1, 1.5, 0.01, 0.49])
    own, weights = _numbers(np.array([2.0, 4.0]), Lesson(pd.DataFrame(index=[0]), np.array([7.0])), 0.25)
    assert (own.tolist(), weights.tolist()) == ([2, 4, 7], [1, 1, 0.25])


def test_a_class_that_no_soft_label_knows_is_no_division_by_nothing():
    targets, weights = in_shares(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1, 1]))
    assert targets.tolist() == [[1, 0], [1, 0]]
    assert weights == pytest.approx([0.4, 0.4])  # (1 + 1) / 5


def test_some_are_drawn_by_seed_and_stay_in_order():
    assert some(5, 5, 0).tolist() == [0, 1, 2, 3, 4]
    drawn = some(100, 10, 1)
    assert len(set(drawn)) == 10
    assert drawn.tolist() == sorted(drawn)
    assert drawn.max() >= 50
    assert drawn.tolist() == some(100, 10, 1).tolist() != some(100, 10, 2).tolist()


def test_votes_are_added_up_on_one_thread():
    X, _labels = hinted(20)
    made = Taught(parent(text=False), None)
    made.parent.model = RandomForestClassifier(3, n_jobs=2)
    made.columns_, made.classes_ = ["size"], np.array(["no", "yes"], dtype=object)
    made._learn(made._begin(Rows(X, np.arange(20) % 2, X[:0]), False), 0.5)
    assert made.model_.n_jobs == 1
