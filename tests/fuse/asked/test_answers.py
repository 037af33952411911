"""Answers as features, and a copy of them that asks nobody about new rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.base import BaseEstimator, TransformerMixin

from core.fuse.asked.answers import Answers, LearnedAnswers
from core.questions import parsed

QUESTIONS = ["How happy is the writer? [1-5]", "Is the writer angry?"]
TEXTS = ["You are late again!", "Thank you, that was lovely.", None]


def test_every_question_is_a_number_from_0_to_1_in_its_own_place(judge):
    made = Answers(QUESTIONS, "bundled").fit_transform(TEXTS)
    assert made.shape == (3, 2)
    assert ((made >= 0) & (made <= 1)).all()
    turned = Answers(QUESTIONS[::-1], "bundled").fit_transform(TEXTS)
    assert (turned == made[:, ::-1]).all()
    logs = judge.judge.score(["You are late again!"], ["Is the writer angry?"], ["Yes", "No"])[0, 0]
    assert made[0, 1] == pytest.approx(expit(logs[0] - logs[1]), abs=1e-5)
    assert list(Answers(QUESTIONS, "bundled").get_feature_names_out()) == QUESTIONS


class Lengths(TransformerMixin, BaseEstimator):
    """An encoder whose one number is a text's length."""

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        return np.asarray([[len(text or "")] for text in texts], dtype=float)


class Told(Answers):
    """Answers that are known: yes as far as the text is long."""

    def fit(self, texts, y=None):
        self.revision_, self.n_features_out_, self.asked_ = "known", 1, []
        return self

    def transform(self, texts):
        TOLD.append(len(texts))
        return expit(np.asarray([[0.1 * len(text or "") - 2] for text in texts]))


TOLD: list[int] = []


def test_the_copy_learns_the_answers_and_asks_nobody_about_new_rows(chance):
    TOLD.clear()
    texts = ["x" * int(n) for n in chance.integers(5, 40, size=60)]
    copy = LearnedAnswers(Told(["Is it long?"]), Lengths())
    guessed = copy.fit_transform(texts)
    assert TOLD == [60]
    assert guessed == pytest.approx(Told(["Is it long?"]).transform(texts), abs=0.02)
    assert copy.agreement_ > 0.98
    TOLD.clear()
    new = ["x" * 12, "x" * 33]
    assert copy.transform(new)[:, 0] == pytest.approx(expit(np.array([-0.8, 1.3])), abs=0.02)
    assert TOLD == []
    assert not copy.label_free


def test_training_rows_get_guesses_of_models_that_did_not_see_them(chance):
    """Where the embedding says nothing, a guess of its own row would still be right."""
    texts = [f"{number:04d}" for number in range(40)]

    class Own(Lengths):
        def transform(self, rows):
            return np.eye(40)[[int(text) for text in rows]]

    guessed = LearnedAnswers(Random(["?"]), Own()).fit_transform(texts)
    wanted = Random(["?"]).transform(texts)
    assert np.corrcoef(guessed[:, 0], wanted[:, 0])[0, 1] < 0.3


class Random(Told):
    def transform(self, texts):
        return np.random.default_rng(1).uniform(0.05, 0.95, size=(len(texts), 1))


def test_few_rows_are_learned_from_as_they_are(judge):
    made = LearnedAnswers(Told(["Is it long?"]), Lengths()).fit(["x", "xxxx", "xxxxxxx"])
    assert made.agreement_ == 0
    assert made.transform(["x" * 4]).shape == (1, 1)
    assert parsed("Is it long?").text == "Is it long?"


def test_answers_that_never_differ_show_no_agreement():
    class Same(Told):
        def transform(self, texts):
            return np.full((len(texts), 1), 0.3)

    assert LearnedAnswers(Same(["?"]), Lengths()).fit(["x" * place for place in range(30)]).agreement_ == 0
