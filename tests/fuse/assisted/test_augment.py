"""Rare classes in other words: how many copies, and none without a rare class."""

from __future__ import annotations

import re

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone

from core.fuse.assisted.augment import Augmentation, wanted
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
