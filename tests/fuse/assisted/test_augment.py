"""Rare classes in other words: how many copies, and none without a rare class."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.compose import ColumnTransformer

from core.encode.sparse import Tfidf
from core.fuse.assisted.augment import Augmentation, wanted
from core.fuse.assisted.base import Rows
from core.fuse.candidate import Candidate
from core.fuse.columns import TextColumn
from tests.fuse.advisers import hinted, parent
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


def augment() -> Augmentation:
    return Augmentation(parent(), Meanings([BAD, GOOD, *[[word] for word in FILL]]), {}, ["text"], "binary")


def test_without_a_rare_class_it_is_its_parent():
    X, y = hinted(60)
    made = augment().fit(X, y)
    assert made.trust_ == 0
    assert "no class is rare" in str(made.advice().trust.note)
    assert np.array_equal(made.predict_proba(X), clone(parent()).fit(X, y).predict_proba(X))


@pytest.mark.parametrize(
    ("counts", "added"),
    [
        ([40, 20], {}),
        ([40, 19], {1: 1}),
        ([41, 19], {1: 1}),
        ([40, 5], {1: 15}),
        ([40, 4], {1: 12}),
        ([9, 0, 1], {2: 3}),
    ],
)
def test_how_many_rows_are_added_at_the_edges(counts, added):
    assert wanted(np.repeat(np.arange(len(counts)), counts)) == added


def prepared(made: Augmentation, X: pd.DataFrame, y: np.ndarray):
    made.columns_, made.classes_ = list(X.columns), np.array(["usual", "rare"], dtype=object)
    return made._advise(Rows(X, y, X[:0]))


def test_each_rare_row_is_told_anew_as_often_as_the_next_and_only_its_texts_change():
    texts = pd.DataFrame(
        {"text": ["the parcel"] * 20 + ["awful parcel", "late parcel", "slow parcel"], "size": range(23)}
    )
    texts["text"] = texts["text"].where(texts["text"] != "the parcel", "the parcel awful late slow rude")
    y = np.repeat([0, 1], [20, 3])
    made = Augmentation(parent(), Meanings([BAD, ["the"], ["parcel"]]), None, ["text"], "binary")
    lesson = made._lesson(prepared(made, texts, y))
    assert sorted(Counter(lesson.X["size"]).values()) == [2, 2, 3]  # seven more, to half of 20
    assert lesson.targets.tolist() == [[0, 1]] * 7
    assert set(lesson.X["text"]) <= {f"{word} parcel" for word in BAD}
    for text, size in zip(lesson.X["text"], lesson.X["size"], strict=True):
        assert text != texts["text"][size]
    assert (lesson.own, lesson.weights) == (None, None)


def test_texts_are_cut_into_words_as_their_language_does():
    """味道 and 很差 are words to the dictionary of Chinese alone."""
    frame = pd.DataFrame({"note": ["味道很差"] * 4 + ["味道很坏"] * 4 + ["你好"] * 9})
    y = np.repeat([1, 0], [4, 13])
    makers = ColumnTransformer([("words", TextColumn(Tfidf()), ["note"])])
    encoder = Meanings([["很差", "很坏", "差", "坏"], ["味道"], ["你好"]])
    made = Augmentation(Candidate(makers, parent().model, "binary"), encoder, {"note": "zh"}, ["note"], "binary")
    rows = prepared(made, frame, y)
    assert made.near_["note"]
    lesson = made._lesson(rows)
    assert len(lesson.X) == 2
    assert set(lesson.X["note"]) == {"味道很坏"}
    other = clone(made).set_params(languages={"title": "zh"})
    prepared(other, frame, y)
    assert set(other.near_["note"]) == {"味道很差", "味道很坏", "你好"}  # whole texts


def test_a_row_is_told_anew_in_those_of_its_texts_that_can_be():
    made = Augmentation(parent(), Meanings([]), None, ["title", "body"], "binary")
    made.near_ = {"title": {"awful": ["rude"]}, "body": {"late": ["slow"]}}
    random = np.random.default_rng(0)
    assert made._retold(pd.Series({"title": "awful", "body": "fine"}), random) == {"title": "rude"}
    assert made._retold(pd.Series({"title": None, "body": "too late"}), random) == {"body": "too slow"}
    assert made._retold(pd.Series({"title": float("nan"), "body": "fine"}), random) == {}


def test_why_there_is_nothing_to_tell_anew():
    X = pd.DataFrame({"text": ["one two"] * 12, "size": np.arange(12.0)})  # of two words neither is near
    made = augment()
    few = prepared(made, X, np.repeat([0, 1], [11, 1]))
    assert "no word of these texts" in str(made._why_not(few))
    made.near_ = {"text": {"one": ["two"]}}
    assert made._why_not(few) is None
    assert "no class is rare" in str(made._why_not(Rows(X, np.repeat([0, 1], 6), X[:0])))
    assert made._shared() == ("near_",)
