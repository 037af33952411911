"""Vectors may be given instead of texts, and no text is encoded twice."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression

from core.encode.batches import as_texts
from core.encode.sparse import Tfidf
from core.explain.shapley import memory
from core.explain.shapley.memory import remember, shared
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, TextColumn
from tests.explain.shapley.test_evaluators import game_of
from tests.fuse.tables import tickets


class Letters(TransformerMixin, BaseEstimator):
    """How often a text has some letters; counts what it was asked."""

    def fit(self, texts, y=None):
        self.revision_, self.asked_ = "1", []
        return self

    def transform(self, texts):
        plain = as_texts(texts)
        self.asked_ += plain
        return np.asarray([[text.count(letter) for letter in "aeiou"] for text in plain], dtype=np.float32)


@pytest.fixture(scope="module")
def candidate():
    table, _schema = tickets(60)
    makers = [
        ("words:text", TextColumn(Tfidf()), ["text"]),
        ("text:text", TextColumn(Letters()), ["text"]),
        ("numbers", Numbers(), ["hours"]),
    ]
    features = ColumnTransformer(makers, sparse_threshold=0.3)
    return table, Candidate(features, LogisticRegression(), "binary").fit(table.drop(columns="mood"), table["mood"])


def test_vectors_of_a_text_stand_for_it(candidate):
    table, fitted = candidate
    game = game_of(fitted, table)
    texts = ["an awful note", "", "the lovely office"]
    shown = np.array([[False, True], [True, False], [True, True]])
    vectors = game.encoder("text").transform(texts)
    assert game.with_vectors(shown, "text", vectors, texts) == pytest.approx(game.with_texts(shown, "text", texts))
    assert game.encoder("hours") is None


def test_what_was_encoded_is_remembered(candidate):
    _table, fitted = candidate
    encoder = fitted.text_encoders()["text (2)"]
    fresh = encoder.transform(["one", "two", "one", None])
    remember(encoder)
    encoder.asked_.clear()
    for _time in range(2):
        assert np.array_equal(encoder.transform(["one", "two", "one", None]), fresh)
    assert encoder.asked_ == ["one", "two", ""]


def test_what_came_first_stays_when_the_rest_is_let_go(monkeypatch):
    monkeypatch.setattr(memory, "MOST_TEXTS", 6)
    monkeypatch.setattr(memory, "FIRST_TEXTS", 2)
    encoder = Letters().fit([])
    remember(encoder)
    for some in (["a", "e"], ["i", "o"], ["u", "aa", "e", "ee"]):
        encoder.transform(some)
    encoder.asked_.clear()
    assert (
        encoder.transform(["a", "e", "i", "aa"]).tolist() == Letters().fit([]).transform(["a", "e", "i", "aa"]).tolist()
    )
    assert encoder.asked_ == ["i"]


def test_models_that_are_the_same_look_up_one_anothers_texts():
    class NoLabels(Letters):
        label_free = True

    known, other = NoLabels().fit([]), NoLabels().fit([])
    shared({"text": known}, {"text": other})
    fresh = NoLabels().fit([]).transform(["one", "two"])
    assert np.array_equal(other.transform(["one", "two"]), fresh)
    assert np.array_equal(known.transform(["two", "one"]), fresh[::-1])
    assert (known.asked_, other.asked_) == (["one", "two"], [])
