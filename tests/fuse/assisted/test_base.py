"""Rows are added in training only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.fuse.assisted.augment import Augmentation
from core.fuse.assisted.base import Rows
from tests.fuse.advisers import parent
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
