"""Weak labels: rules vote as they are written, the label model finds out who is right, unlabelled rows teach."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.fuse.assisted.enlarged import in_shares
from core.fuse.assisted.functions import contains, margins, plain, votes_of_names, votes_of_rule
from core.fuse.assisted.label_model import ABSTAIN, LabelModel, learned
from core.fuse.assisted.weak import WeakSupervision
from tests.fuse.advisers import log_loss, parent
from tests.fuse.tables import BAD, FILL, GOOD

RULES = [{"label": "bad", "words": BAD[:4]}, {"label": "good", "words": GOOD[:4]}]


def planted(accuracies, coverage, n=4000, k=3, seed=0):
    """Votes of independent functions of known accuracy, whether they vote or not being chance."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, n)
    votes = np.full((n, len(accuracies)), ABSTAIN)
    for place, accuracy in enumerate(accuracies):
        wrong = (truth + random.integers(1, k, n)) % k
        said = np.where(random.random(n) < accuracy, truth, wrong)
        votes[:, place] = np.where(random.random(n) < coverage, said, ABSTAIN)
    return votes, truth


@pytest.mark.parametrize("n_labelled", [0, 30])
def test_planted_accuracies_are_recovered_without_or_with_few_labels(n_labelled):
    accuracies = [0.9, 0.8, 0.7, 0.6, 0.5]
    votes, truth = planted(accuracies, coverage=0.7)
    labels = np.full(len(truth), ABSTAIN)
    labels[:n_labelled] = truth[:n_labelled]
    model = learned(votes, labels, 3)
    assert model.accuracies() == pytest.approx(accuracies, abs=0.05)
    voted = (votes != ABSTAIN).any(axis=1)
    majority = np.array([np.bincount(row[row >= 0], minlength=3).argmax() for row in votes[voted]])
    believed = model.posterior(votes[voted]).argmax(axis=1)
    assert np.mean(believed == truth[voted]) > np.mean(majority == truth[voted])


def test_functions_that_only_ever_vote_for_one_class_are_judged_too():
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 3000)
    votes = np.full((3000, 4), ABSTAIN)
    for place, (label, right, wrong) in enumerate([(0, 0.5, 0.05), (1, 0.6, 0.1), (0, 0.4, 0.2), (1, 0.3, 0.02)]):
        chance = np.where(truth == label, right, wrong)
        votes[random.random(3000) < chance, place] = label
    measured = [np.mean(truth[votes[:, place] >= 0] == votes[:, place].max()) for place in range(4)]
    assert learned(votes, np.full(3000, ABSTAIN), 2).accuracies() == pytest.approx(measured, abs=0.05)


def test_the_posterior_is_that_of_counting_every_case():
    """By Bayes' rule over the joint probability of every true class and every outcome."""
    random = np.random.default_rng(2)
    shares = np.array([0.7, 0.3])
    confusions = random.dirichlet(np.ones(3), size=(3, 2))  # three functions, two classes, three outcomes
    model = LabelModel(shares, confusions)
    cases = np.array(list(itertools.product([0, 1, ABSTAIN], repeat=3)))
    joint = np.array(
        [
            [
                shares[true]
                * np.prod([confusions[f, true, 2 if vote == ABSTAIN else vote] for f, vote in enumerate(case)])
                for true in range(2)
            ]
            for case in cases
        ]
    )
    assert joint.sum() == pytest.approx(1)
    assert model.posterior(cases) == pytest.approx(joint / joint.sum(axis=1, keepdims=True))
    right = sum(joint[row, true] for row, case in enumerate(cases) for true in range(2) if case[0] == true)
    voted = joint[cases[:, 0] != ABSTAIN].sum()
    assert model.accuracies()[0] == pytest.approx(right / voted)


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("The cat sat.", "CAT", True),
        ("Concatenate them", "cat", False),
        ("cat", "cat", True),
        ("a cat's life, don’t ask", "don't", True),
        ("not   very\ngood", "not very good", True),
        ("so good:)", ":)", True),
        ("cat2 catalog bobcat", "cat", False),
        ("这家店很好吃", "好吃", True),
        ("我love你", "love", True),
        ("我lovely你", "love", False),
        ("ＧＯＯＤ！", "good!", True),
        ("Straße", "STRASSE", True),
        ("hot-dog", "dog", True),
        ("", "cat", False),
        ("anything", "", False),
        ("bobcat, cat", "cat", True),
    ],
)
def test_a_rule_finds_words_and_phrases(text, phrase, there):
    assert contains(plain(text), plain(phrase)) == there


def test_rules_vote_or_are_silent():
    told = [plain(text) for text in ("Slow and COLD", "Just warm", "")]
    assert votes_of_rule(told, ["cold", "  "], 1).tolist() == [1, ABSTAIN, ABSTAIN]


def test_names_vote_where_they_are_clear():
    said = np.array([[0.5, 0.5], [0.9, 0.1], [0.3, 0.7]])
    assert margins(said) == pytest.approx([0, np.log(9), np.log(7 / 3)])
    assert votes_of_names(said, 1.0).tolist() == [ABSTAIN, 0, ABSTAIN]


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


def test_soft_labels_take_the_shares_of_labelled_rows():
    """By hand: means .7 and .3 become the shares 2/4 and 2/4 (one label each, and one more), by 5/7 and 5/3."""
    targets, weights = in_shares(np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([0, 1]))
    assert weights == pytest.approx([0.9 * 5 / 7 + 0.1 * 5 / 3, 0.5 * 5 / 7 + 0.5 * 5 / 3])
    assert weights.mean() == pytest.approx(1)
    assert targets[0] == pytest.approx([27 / 34, 7 / 34])
    assert (targets * weights[:, None]).mean(axis=0) == pytest.approx([0.5, 0.5])


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
