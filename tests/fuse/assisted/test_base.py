"""Rows are added in training only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.fuse.assisted.augment import Augmentation
from core.fuse.assisted.base import Rows
from core.fuse.assisted.margins import BoostedMargins
from tests.fuse.advisers import Hint, hinted, log_loss, parent
from tests.fuse.assisted.test_augment import Meanings
from tests.fuse.tables import BAD, FILL, GOOD


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


def test_advice_that_helps_is_followed_on_new_rows():
    """Helpful hints halve what a parent loses that does not see them, and useless ones change nothing."""
    losses = {}
    for helpful in (True, False):
        X, y = hinted(240, seed=1, helpful=helpful)
        fitted = BoostedMargins(parent(model="lightgbm"), Hint(["hint"]), task="binary").fit(X[:160], y[:160])
        plain = parent(model="lightgbm").fit(X[:160], y[:160])
        losses[helpful] = [log_loss(one.predict_proba(X[160:]), y[160:], one.classes_) for one in (fitted, plain)]
        assert (fitted.trust_ > 0) == helpful
    assert losses[True][0] < 0.5 * losses[True][1]
    assert losses[False][0] == losses[False][1]


def test_added_rows_are_learned_from_as_far_as_they_are_trusted():
    X, y = unequal()
    made = augment()
    made.columns_, made.classes_ = ["text", "size"], np.array(["bad", "good"], dtype=object)
    material = made._begin(made._advise(Rows(X, (y == "good").astype(int), X[:0])), True)
    bad = []
    for trust in (0.0, 0.5, 1.0):
        made._learn(material, trust)
        bad.append(made._answer(made._seen(X, True))[:, 0].mean())
    assert bad[0] < bad[1] < bad[2]  # the rare class is thought more likely the more its copies count
