"""A teacher's student: follows what helps, never a useless teacher."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.data.splits.inner import of_texts
from core.fuse.assisted.base import Rows
from core.fuse.assisted.distilled import Distilled, _piece
from core.results.advice import Advice, Trust
from tests.fuse.advisers import Hint, hinted, log_loss, numbers, parent
from tests.fuse.tables import BAD, FILL, GOOD


def unequal(n: int = 160) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    y = np.where(np.arange(n) % 8 == 0, "bad", "good").astype(object)
    word = [str(random.choice(GOOD if one == "good" else BAD)) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y


def few_labels() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The teacher knows the class of every row; words tell it, too, and 30 of 300 are labelled."""
    X, y = unequal(300)
    X["hint"] = np.where(y == "good", 3.0, -3.0)
    order = np.random.default_rng(0).permutation(len(y))
    X, truth = X.iloc[order].reset_index(drop=True), y[order]
    some = truth.copy()
    some[30:] = None
    return X, truth, some


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
    X, truth, some = few_labels()
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


class Costly(Hint):
    """Notes what it is asked about, and says what it would take."""

    def estimate_seconds(self, X, y):
        return 3.0 * len(X) + len(set(y))


def test_the_teacher_is_fitted_once_on_three_quarters_of_the_labelled_rows(monkeypatch):
    X, _truth, some = few_labels()
    made = Distilled(parent(), Costly(["hint"]), ["text"], "binary")
    assert made.estimate_seconds(X, some) == pytest.approx((3 * 30 + 2) * 3 / 4)
    assert distilled().estimate_seconds(X, some) is None
    taught, fit = [], Hint.fit

    def noted(self, X, y):
        taught.append(len(X))
        return fit(self, X, y)

    monkeypatch.setattr(Hint, "fit", noted)
    assert made.fit(X, some).trust_ > 0
    (n_rows,) = taught
    assert n_rows == pytest.approx(30 * 3 / 4, abs=1)


@pytest.mark.parametrize("n_free", [0, 3])
def test_a_lesson_is_what_the_teacher_says_of_unlabelled_rows_then_of_four_pieces_of_each_text(n_free):
    X, y = hinted(12)
    made = distilled()
    made._coded(y)
    free = X[9 : 9 + n_free]
    codes = (y[:9] == "class 1").astype(int)
    lesson = made._lesson(Rows(X[:9], codes, free))
    assert len(lesson.X) == n_free + 36
    assert lesson.X["text"].tolist()[:n_free] == free["text"].tolist()
    pieces = lesson.X[n_free:]
    assert sorted(pieces["hint"]) == pytest.approx(sorted(np.tile(X["hint"][:9], 4)))
    told = dict(zip(X["hint"], X["text"], strict=True))
    for text, hint in zip(pieces["text"], pieces["hint"], strict=True):
        assert text in told[hint]
        assert text != told[hint]
    later = 1 / (1 + np.exp(-X["hint"].to_numpy()))
    assert lesson.own == pytest.approx(np.column_stack([1 - later, later])[:9])
    added = 1 / (1 + np.exp(-lesson.X["hint"].to_numpy()))
    assert lesson.targets == pytest.approx(np.column_stack([1 - added, added]))


def test_pieces_leave_what_is_no_text_as_it_is():
    made = distilled()
    frame = pd.DataFrame({"text": ["one two three", None], "size": [1.0, 2.0]})
    pieces = made._pieces(frame, np.random.default_rng(0))
    assert len(pieces) == 8
    assert pieces["text"][pieces["size"] == 2].isna().all()
    assert frame["text"].tolist()[0] == "one two three"


def test_a_piece_has_a_tenth_to_seven_tenths_of_the_words():
    random = np.random.default_rng(0)
    words = [f"w{place}" for place in range(100)]
    pieces = [_piece(" ".join(words), random).split() for _time in range(400)]
    sizes = [len(piece) for piece in pieces]
    assert (min(sizes), max(sizes)) == (pytest.approx(10, abs=2), pytest.approx(70, abs=2))
    for piece in pieces:
        start = words.index(piece[0])
        assert piece == words[start : start + len(piece)]
    assert {piece[-1] for piece in pieces} >= {"w99"}  # up to the very end
    assert {_piece("one two", random) for _time in range(50)} == {"one", "two"}
    assert _piece("a", random) == "a"


def test_teacher_and_student_are_compared_on_the_same_rows():
    X, y = hinted(30)
    made = distilled().fit(X, y)
    advice = made.advice()
    beside, curve = advice.distillation, {point.trust: point.loss for point in advice.trust.curve}
    assert beside.n_rows == advice.trust.n_rows == 8  # one inner fold of four
    assert beside.alone_loss == curve[0.0]
    assert beside.student_loss == curve[made.trust_]
    train, test = made._folds(Rows(X, made._coded(y), X[:0], dependence=of_texts(X, ["text"])))[0]
    teacher = Hint(["hint"]).fit(X.iloc[train], y[train])
    truth = (y[test] == "class 1").astype(int)
    expected = -np.log(teacher.predict_proba(X.iloc[test])[np.arange(len(test)), truth]).mean()
    assert beside.teacher_loss == pytest.approx(expected)
    assert not hasattr(made, "beside_")
    assert distilled()._report(Trust(value=0.0), None) == Advice(trust=Trust(value=0.0))
