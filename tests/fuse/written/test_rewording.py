"""Rare classes in a language model's words: only rare ones, only of training rows, and only what is really reworded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.fuse.written import rewording
from core.fuse.written.rewording import MOST, Rewording, is_retold
from tests.fuse.advisers import parent
from tests.fuse.tables import BAD, FILL, GOOD
from tests.fuse.written.test_formulas import rows_of


def tickets(n: int = 160, rare: int = 8) -> tuple[pd.DataFrame, np.ndarray]:
    """One in `rare` is bad; a word says so, and another word would."""
    random = np.random.default_rng(0)
    y = np.where(np.arange(n) % rare == 0, "bad", "good").astype(object)
    word = [str(random.choice(GOOD if one == "good" else BAD[:3])) for one in y]
    texts = [" ".join([*random.choice(FILL, 5), one]) for one in word]
    return pd.DataFrame({"text": texts, "size": random.normal(0, 1, n)}), y


def candidate() -> Rewording:
    return Rewording(parent(), "bundled", texts=["text"], task="binary")


@pytest.fixture
def says(monkeypatch):
    """Answers by a rule; what was asked is kept."""
    asked: list[str] = []

    def by(rule):
        def written(model, prompts, settings):
            asked.extend(prompts)
            return [rule(prompt.split("\n\n", 1)[1]) for prompt in prompts]

        monkeypatch.setattr(rewording, "written", written)
        return asked

    return by


def test_only_texts_of_rare_classes_are_told_anew_and_it_can_help(says):
    other = dict(zip(BAD[:3], BAD[3:], strict=True))
    asked = says(lambda text: " ".join(other.get(word, word) for word in text.split()))
    X, y = tickets()
    made = candidate().fit(X, y)
    assert len(asked) == MOST
    assert {prompt.split("\n\n", 1)[1] for prompt in asked} <= set(X.loc[y == "bad", "text"])
    words = made.features_.transformers_[0][1].encoder_.get_feature_names_out()
    assert (set(BAD[3:]) <= set(words)) == (made.trust_ > 0)
    assert made.advice().trust.curve


def test_where_no_class_is_rare_nothing_is_asked(says):
    asked = says(str.upper)
    X, y = tickets(rare=2)
    made = candidate().fit(X, y)
    assert asked == []
    assert "no class is rare" in str(made.advice().trust.note)
    assert np.array_equal(made.predict_proba(X), clone(made.parent).fit(X, y).predict_proba(X))


@pytest.mark.parametrize("rule", [str, str.upper, lambda text: "", lambda text: text * 9, lambda text: "x"])
def test_what_is_not_told_in_other_words_is_left(rule, says):
    says(rule)
    X, y = tickets()
    made = candidate().fit(X, y)
    assert "no text in other words" in str(made.advice().trust.note)


def test_rows_of_a_fold_learn_from_their_own_texts_alone(says):
    says(lambda text: f"{text} indeed")
    X, y = tickets()
    made = candidate()
    rows = rows_of(made, X, y)
    made._advise(rows)
    some = rows.take(np.arange(0, len(y), 3))
    lesson = made._lesson(some)
    assert len(lesson.X)
    assert {text.removesuffix(" indeed") for text in lesson.X["text"]} <= set(some.X["text"])
    assert (lesson.targets == np.eye(2)[0]).all()  # bad


def test_the_bundled_model_tells_english_and_chinese_texts(monkeypatch):
    monkeypatch.setattr(rewording, "MOST", 2)
    monkeypatch.setattr(rewording, "TOKENS", 24)
    X, y = tickets(60)
    X.loc[::16, "text"] = "快递太慢了，包裹也坏了，很生气"
    made = candidate().fit(X, y)
    assert made.predict_proba(X).shape == (60, 2)


def test_the_same_in_other_letters_or_blanks_is_the_same():
    assert not is_retold("Late  again", " late AGAIN ")
