"""Rare classes told in other words, priors by names, and a teacher's student: only training rows, only what helps."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone

from core.encode.sparse import Tfidf
from core.fuse.assisted.augment import Augmentation, wanted
from core.fuse.assisted.base import Rows
from core.fuse.assisted.distilled import Distilled, _piece
from core.fuse.assisted.enlarged import Lesson, _classes, _numbers, can_weigh
from core.fuse.assisted.priors import NamePriors, _stretched
from core.fuse.assisted.substitution import near_words, retold, words_of
from core.models.factory import build as build_model
from tests.fuse.advisers import Hint, hinted, log_loss, numbers, parent
from tests.fuse.tables import BAD, FILL, GOOD


class Meanings(TransformerMixin, BaseEstimator):
    """Puts texts that share a listed word on one axis: an encoder whose opinions are known."""

    def __init__(self, axes: list[list[str]]) -> None:
        self.axes = axes

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        told = [set(re.findall(r"\w+", text.casefold())) for text in texts]
        made = np.array([[bool(words & set(axis)) for axis in self.axes] for words in told], dtype=float)
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1)


# Rewording


def test_rare_classes_are_brought_up_to_half_of_the_largest_by_at_most_three_copies():
    assert wanted(np.repeat([0, 1, 2, 3], [40, 20, 12, 2])) == {2: 8, 3: 6}
    assert wanted(np.repeat([0, 1], [10, 10])) == {}


def test_words_are_replaced_by_near_ones_and_nothing_else_is():
    near = {"awful": ["dreadful"], "late": ["tardy", "slow"]}
    random = np.random.default_rng(0)
    made = {retold("An AWFUL, late parcel!", near, "", random) for _time in range(20)}
    assert made <= {
        f"An {first}, {second} parcel!" for first in ("AWFUL", "dreadful") for second in ("late", "tardy", "slow")
    }
    assert "An AWFUL, late parcel!" not in made
    assert retold("Nothing here", near, "", random) is None
    assert retold("味道很差", {"很差": ["很糟"]}, "zh", random) == "味道很糟"


def test_near_words_are_those_that_the_encoder_puts_together():
    texts = [" ".join([*FILL, "awful", "dreadful"]), " ".join([*FILL, "dreadful", "awful"])]
    axes = [["awful", "dreadful"], *[[word] for word in FILL]]
    near = near_words(texts, "", Meanings(axes))
    assert near["awful"] == ["dreadful"]
    assert near["dreadful"] == ["awful"]
    assert words_of("Hot-dogs, 2 of them", "") == ["hot", "dogs", "of", "them"]


def unequal(n: int = 160) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    y = np.where(np.arange(n) % 8 == 0, "bad", "good").astype(object)
    word = [str(random.choice(GOOD if one == "good" else BAD)) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y


def augment() -> Augmentation:
    return Augmentation(parent(), Meanings([BAD, GOOD, *[[word] for word in FILL]]), {}, ["text"], "binary")


def test_rows_are_added_in_training_only_and_only_to_rare_classes():
    X, y = unequal()
    made = augment()
    made.columns_, made.classes_ = ["text", "size"], np.array(["bad", "good"], dtype=object)
    rows = made._advise(Rows(X, (y == "good").astype(int), X[:0]))
    lesson = made._lesson(rows)
    assert len(lesson.X) == 50  # to 70, half of 140
    assert (lesson.targets == [1, 0]).all()  # the rare class
    assert not set(lesson.X["text"]) & set(X["text"])
    assert set(lesson.X["size"]) <= set(X["size"][y == "bad"])  # columns as they were
    fitted = augment().fit(X, y)
    assert len(fitted.predict(X)) == len(X)
    assert not hasattr(fitted, "near_")


def test_without_a_rare_class_it_is_its_parent():
    X, y = hinted(60)
    made = augment().fit(X, y)
    assert made.trust_ == 0
    assert "no class is rare" in str(made.advice().trust.note)
    assert np.array_equal(made.predict_proba(X), clone(parent()).fit(X, y).predict_proba(X))


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


# Names


def test_relevance_is_stretched_between_a_tenth_and_one():
    found = _stretched(["a", "b", "c"], np.array([[0.2, 0.1], [0.3, 0.6], [0.4, 0.4]]))
    assert found == pytest.approx({"a": 0.1, "b": 1.0, "c": 0.55})
    assert _stretched(["a", "b"], np.array([[0.2], [0.2]])) == {"a": 1.0, "b": 1.0}


def named(n: int = 60, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Two columns named like the target tell it; twenty others say nothing, and there are few rows."""
    random = np.random.default_rng(seed)
    codes = random.integers(0, 2, n)
    frame = pd.DataFrame({f"noise {place}": random.normal(0, 1, n) for place in range(20)})
    frame["weight grams"] = codes + random.normal(0, 1, n)
    frame["weight box"] = codes + random.normal(0, 1, n)
    return frame, np.where(codes, "heavy", "light").astype(object)


def priors(axes: list[list[str]], columns: list[str]) -> NamePriors:
    plain = parent(text=False)
    plain.features.set_params(transformers=[("numbers", plain.features.transformers[0][1], columns)])
    return NamePriors(plain, Meanings(axes), "weight", texts=[], task="binary")


def test_columns_named_like_the_target_are_leaned_on_and_it_helps():
    X, y = named()
    fresh, truth = named(300, seed=1)
    made = priors([["weight"]], list(X.columns)).fit(X, y)
    alone = clone(made.parent).fit(X, y)
    assert made.trust_ > 0
    assert made.column_relevance_["weight box"] == pytest.approx(1, abs=0.01)
    assert max(one for name, one in made.column_relevance_.items() if "noise" in name) < 0.5
    assert np.mean(made.factors_**2) == pytest.approx(1)
    better = log_loss(made.predict_proba(fresh), truth, made.classes_)
    assert better < log_loss(alone.predict_proba(fresh), truth, alone.classes_) - 0.05


def test_names_that_lead_astray_are_not_followed():
    X, y = named(200)
    made = priors([["noise"]], list(X.columns)).set_params(target="noise").fit(X, y)
    assert made.trust_ == 0
    assert np.array_equal(made.predict_proba(X), clone(made.parent).fit(X, y).predict_proba(X))


def test_words_have_a_prior_too_and_pieces_none():
    X, y = unequal()
    made = NamePriors(parent(), Meanings([BAD]), "awful", texts=["text"], task="binary")
    made.columns_, made.classes_ = ["text", "size"], np.array(["bad", "good"], dtype=object)
    rows = made._advise(Rows(X, (y == "good").astype(int), X[:0]))
    made._begin(rows, True)
    factors = dict(zip(Tfidf().fit(X["text"]).get_feature_names_out(), made._factors(1.0), strict=False))
    assert factors["awful"] > factors["parcel"]
    assert factors["“ awf”"] == 1


# A teacher and its student


def distilled(task: str = "binary") -> Distilled:
    return Distilled(parent(task), Hint(["hint"], task), ["text"], task)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_a_useless_teacher_is_not_followed_and_never_kept(task):
    X, y = numbers(120) if task == "regression" else hinted(120, helpful=False)
    X["hint"] = np.random.default_rng(9).normal(0, 30, len(X))
    made = distilled(task).fit(X, y)
    assert made.trust_ == 0
    assert np.array_equal(made.predict(X), clone(parent(task)).fit(X, y).predict(X))
    assert not hasattr(made, "teacher_")
    beside = made.advice().distillation
    assert beside.student_loss == beside.alone_loss < beside.teacher_loss
    assert min(beside.teacher_ms_per_row, beside.student_ms_per_row) > 0


def test_a_teacher_helps_by_what_it_says_of_unlabelled_rows():
    """The teacher knows the class of every row; few are labelled, and words tell it."""
    random = np.random.default_rng(0)
    X, y = unequal(300)
    X["hint"] = np.where(y == "good", 3.0, -3.0)
    order = random.permutation(len(y))
    X, truth = X.iloc[order].reset_index(drop=True), y[order]
    some = truth.copy()
    some[30:] = None
    made = distilled().fit(X[:200], some[:200])
    alone = clone(parent()).fit(X[:30], truth[:30])
    assert made.trust_ > 0
    gained = log_loss(alone.predict_proba(X[200:]), truth[200:], alone.classes_) - log_loss(
        made.predict_proba(X[200:]), truth[200:], made.classes_
    )
    assert gained > 0.05
    assert made.text_encoders().keys() == {"text"}


def test_pieces_are_parts_of_a_text():
    random = np.random.default_rng(0)
    assert all(_piece("one two three four", random) in "one two three four" for _time in range(20))
    assert all(0 < len(_piece("味道很好", random)) < 4 for _time in range(20))
    assert _piece("", random) == ""
