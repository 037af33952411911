"""A teacher's student: follows what helps, never a useless teacher."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.fuse.assisted.distilled import Distilled, _piece
from tests.fuse.advisers import Hint, hinted, log_loss, numbers, parent
from tests.fuse.tables import BAD, FILL, GOOD


def unequal(n: int = 160) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    y = np.where(np.arange(n) % 8 == 0, "bad", "good").astype(object)
    word = [str(random.choice(GOOD if one == "good" else BAD)) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y


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
