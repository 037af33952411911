"""Priors by names of columns: they help, and names that lead astray are not followed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.encode.sparse import Tfidf
from core.fuse.assisted.base import Rows
from core.fuse.assisted.priors import NamePriors, _stretched
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
