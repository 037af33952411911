"""Priors by names of columns: they help, and names that lead astray are not followed."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer

from core.encode.sparse import Tfidf
from core.fuse.assisted import priors as priors_module
from core.fuse.assisted.base import Rows
from core.fuse.assisted.priors import NamePriors, _frequent, _stretched
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, TextColumn
from tests.fuse.advisers import log_loss, parent
from tests.fuse.assisted.test_augment import Meanings
from tests.fuse.tables import BAD, FILL, GOOD


def unequal(n: int = 160) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    y = np.where(np.arange(n) % 8 == 0, "bad", "good").astype(object)
    word = [str(random.choice(GOOD if one == "good" else BAD)) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y


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


@pytest.mark.parametrize("n", [20, 21])
def test_of_more_than_twenty_names_the_extremes_do_not_stretch_the_scale(n):
    similarities = np.array([-5.0, *np.linspace(0, 1, n - 2), 9.0])
    found = np.array(list(_stretched([str(place) for place in range(n)], similarities[:, None]).values()))
    low, high = (-5, 9) if n == 20 else np.percentile(similarities, [1, 99])
    assert found == pytest.approx(0.1 + 0.9 * np.clip((similarities - low) / (high - low), 0, 1))
    assert (found[0], found[-1]) == (pytest.approx(0.1), pytest.approx(1))
    assert _stretched([], None) == {}


def test_the_most_frequent_words_are_compared_in_the_order_of_the_vocabulary(monkeypatch):
    fitted = Tfidf().fit(["late parcel", "late parcel note", "late desk note parcel", "zebra late"])
    monkeypatch.setattr(priors_module, "MOST_WORDS", 3)
    assert _frequent(fitted) == ["late", "late parcel", "parcel"]
    monkeypatch.setattr(priors_module, "MOST_WORDS", 2000)
    assert _frequent(fitted) == list(fitted.words_.get_feature_names_out())


def test_a_column_is_told_by_its_meaning_else_by_its_name_and_three_frequent_values():
    made = NamePriors(parent(), Meanings([]), columns={"a_b": "  What it means ", "c": " "})
    column = pd.Series([3.0, 3.0, 3.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, None, None, None, None, None, 7.0])
    assert made._told("a_b", column) == "What it means"
    assert made._told("c", column) == "c: 2, 3, 1"
    assert made._told("flightDelay", column[:1]) == "flight delay: 3"


class Noting(Meanings):
    """Notes what it is asked about."""

    asked: ClassVar[list[list[str]]] = []

    def transform(self, texts):
        self.asked.append(list(texts))
        return super().transform(texts)


@pytest.mark.parametrize(
    ("task", "aim", "aims"),
    [("binary", "my mood: very bad, good", ["my mood", "very bad", "good"]), ("regression", "my mood", ["my mood"])],
)
def test_columns_are_compared_with_target_and_classes_together_and_words_with_each(monkeypatch, task, aim, aims):
    monkeypatch.setattr(Noting, "asked", [])
    X = pd.DataFrame({"text": ["awful awful", "fine"], "size": [1.0, 2.0]})
    made = NamePriors(parent(task), Noting([["mood"], ["size"]]), "my_mood", {"bad": "very bad"}, None, ["text"], task)
    made.columns_, made.classes_ = ["text", "size"], np.array(["bad", "good"], dtype=object)
    made._advise(Rows(X, np.array([0, 1]), X[:0]))
    assert Noting.asked == [[aim], ["size: 1, 2"], aims, ["awful", "awful awful", "fine"]]
    assert made.column_relevance_ == {"size": 1.0}
    assert made.word_relevance_ == dict.fromkeys(["awful", "awful awful", "fine"], 1.0)
    assert "equally relevant" in str(made._why_not(None))
    made.word_relevance_["fine"] = 0.1
    assert made._why_not(None) is None


def test_a_mark_of_gaps_is_as_relevant_as_its_column_and_mean_squares_are_one():
    X = pd.DataFrame({"text": ["awful note", "fine note", "note"], "size": [1.0, None, 2.0], "age": [1.0, 2.0, 3.0]})
    features = ColumnTransformer([("n", Numbers(), ["age", "size"]), ("w", TextColumn(Tfidf()), ["text"])])
    made = NamePriors(Candidate(features, parent().model, "binary"), Meanings([]), texts=["text"], task="binary")
    made.column_relevance_, made.word_relevance_ = {"age": 0.2, "size": 0.8}, {"awful": 0.5, "note": 1.0}
    wide, _rows = made._begin(Rows(X, np.array([0, 1, 1]), X[:0]), True)
    relevance, is_word = made.relevance_
    assert relevance[:3].tolist() == [0.2, 0.8, 0.8]
    assert is_word.tolist() == [False] * 3 + [True] * (wide.shape[1] - 3)
    names = list(made.features_.transformers_[1][1].encoder_.get_feature_names_out())
    known = {name: value for name, value in zip(names, relevance[3:], strict=True) if not np.isnan(value)}
    assert known == {"awful": 0.5, "note": 1.0}
    for trust in (0.5, 1.0):
        made.factors_, made.trust_ = made._factors(trust), trust
        columns, words = np.array([0.2, 0.8, 0.8]) ** trust, np.array([0.5, 1.0]) ** trust
        assert made.factors_[:3] == pytest.approx(columns / np.sqrt((columns**2).mean()))
        found = dict(zip(names, made.factors_[3:], strict=True))
        assert [found["awful"], found["note"]] == pytest.approx(words / np.sqrt((words**2).mean()))
        assert {value for name, value in found.items() if name not in known} == {1}
        dense = wide.toarray() if scipy.sparse.issparse(wide) else wide
        assert made._weighted(dense) == pytest.approx(dense * made.factors_)
        assert made._weighted(scipy.sparse.csr_matrix(dense)).toarray() == pytest.approx(dense * made.factors_)
    made.trust_ = 0
    assert made._weighted(wide) is wide


def test_a_fit_that_starts_where_another_trust_ended_ends_where_a_fresh_one_does():
    X, y = named()
    made = priors([["weight"]], list(X.columns))
    made.columns_ = list(X.columns)
    rows = made._advise(Rows(X, made._coded(y), X[:0]))
    material = made._begin(rows, True)
    assert made._coefficients() is None
    answers = []
    for trust in (0.0, 0.5, 1.0):
        made._learn(material, trust)
        answers.append(made._answer(made._seen(X, True)))
        expected = clone(made.parent.model).fit(material[0] * (made._factors(trust) if trust else 1), rows.y)
        assert answers[-1] == pytest.approx(
            expected.predict_proba(material[0] * (made.factors_ if trust else 1)), abs=1e-3
        )
        coefficients, intercept = made._coefficients()
        assert coefficients == pytest.approx(made.model_.coef_ * (made.factors_ if trust else 1))
        assert made.model_.warm_start == (trust > 0)
        assert intercept == pytest.approx(made.model_.intercept_)
    assert np.abs(answers[0] - answers[2]).max() > 0.01
    made._begin(rows, True)
    assert made._coefficients() is None
    made._forget()
    assert not hasattr(made, "relevance_")
    assert not hasattr(made, "word_relevance_")
