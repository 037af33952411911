"""Unlabelled rows teach by votes; wrong rules are not followed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.fuse.assisted.weak import WeakSupervision
from tests.fuse.advisers import log_loss, parent
from tests.fuse.tables import BAD, FILL, GOOD

RULES = [{"label": "bad", "words": BAD[:4]}, {"label": "good", "words": GOOD[:4]}]


def moods(n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """One word of each text tells the mood."""
    random = np.random.default_rng(seed)
    y = random.choice(["bad", "good"], n)
    word = [str(random.choice(GOOD if one == "good" else BAD)) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one, *random.choice(FILL, 3)]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y.astype(object)


def weak(rules=None) -> WeakSupervision:
    return WeakSupervision(parent(), None, RULES if rules is None else rules, ["text"], "binary")


def some_labels(n_labelled: int = 24) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    X, truth = moods(300, 0)
    y = truth.copy()
    y[n_labelled:] = None
    return X, y, truth


def test_unlabelled_rows_teach_more_than_the_few_labelled_ones():
    X, y, _truth = some_labels()
    fresh, truth = moods(200, 1)
    made = weak().fit(X, y)
    alone = clone(made.parent).fit(X[:24], y[:24])
    assert made.trust_ > 0
    assert log_loss(made.predict_proba(fresh), truth, made.classes_) < 0.7 * log_loss(
        alone.predict_proba(fresh), truth, alone.classes_
    )
    first = made.advice().functions[0]
    assert (first.kind, first.label) == ("rule", "bad")
    assert first.measured == 1.0
    assert first.accuracy > 0.9
    assert first.coverage == pytest.approx(np.mean([any(word in text for word in BAD[:4]) for text in X["text"]]))
    assert first.conflicts == 0


def test_without_unlabelled_rows_or_votes_it_is_its_parent():
    X, y, truth = some_labels()
    alone = clone(parent()).fit(X[:24], y[:24]).predict_proba(X)
    for made, why in (
        (weak().fit(X[:24], y[:24]), "no unlabelled rows"),
        (weak([{"label": "bad", "words": ["zebra"]}]).fit(X, y), "no rule"),
        (weak([{"label": "other", "words": BAD}]).fit(X, y), "no rule"),
    ):
        assert made.trust_ == 0
        assert why in str(made.advice().trust.note)
        assert np.array_equal(made.predict_proba(X), alone)
    assert len(truth) == 300


def test_a_long_list_of_words_makes_no_class_likelier():
    """Three words for one mood, one for the other: the student still finds both where both have as many labels."""
    X, truth = moods(400, 0)
    few = np.concatenate([np.flatnonzero(truth == label)[:12] for label in ("bad", "good")])
    rest = np.setdiff1d(np.arange(len(X)), few)
    y = np.concatenate([truth[few], np.full(len(rest), None)])
    uneven = [{"label": "bad", "words": BAD[:1]}, {"label": "good", "words": GOOD[:3]}]
    made = weak(uneven).fit(X.iloc[[*few, *rest]], y)
    fresh, moods_of = moods(300, 1)
    assert made.trust_ > 0
    assert np.mean(made.predict(fresh) == "bad") == pytest.approx(np.mean(moods_of == "bad"), abs=0.1)


def test_rules_that_are_wrong_are_not_followed():
    """Votes by a word that says nothing of the mood, but always for the same class."""
    X, y, _truth = some_labels(60)
    made = weak([{"label": "bad", "words": ["parcel", "note"]}]).fit(X, y)
    assert made.trust_ == 0
    assert np.array_equal(made.predict_proba(X), clone(parent()).fit(X[:60], y[:60]).predict_proba(X))
