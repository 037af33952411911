"""Unlabelled rows teach by votes; wrong rules are not followed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core.fuse.assisted.base import Rows
from core.fuse.assisted.enlarged import in_shares
from core.fuse.assisted.label_model import learned
from core.fuse.assisted.weak import WeakSupervision
from core.fuse.zero_shot import ZeroShot
from core.results.advice import Advice, Trust
from tests.fuse.advisers import log_loss, parent
from tests.fuse.assisted.test_augment import Meanings
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


def rows_of(made: WeakSupervision, cells: dict[str, list], y: list, classes=("bad", "good")) -> Rows:
    """Votes on rows, the first ones labelled by these class numbers."""
    frame, n = pd.DataFrame(cells), len(y)
    made.classes_ = np.array(classes, dtype=object)
    return made._advise(Rows(frame[:n], np.array(y), frame[n:]))


def test_what_each_function_covers_contradicts_and_hits_by_counting():
    rules = [
        {"label": "bad", "words": ["awful", "rude"]},
        {"label": "other", "words": ["awful"]},  # no such class
        {"label": "good", "words": ["kind"]},
        {"label": "good", "words": ["never said"]},
    ]
    made = WeakSupervision(parent(), None, rules, ["title", "body"], "binary")
    cells = {
        "title": ["Awful", "kind", "rude", None, "awful", "x", "kind", "x"],
        "body": ["so", "and rude", None, "so kind", "x", None, "x", "kind"],
    }
    rows = rows_of(made, cells, [0, 1, 1, 1])
    assert rows.hints.tolist() == [[0, -1, -1], [0, 1, -1], [0, -1, -1], [-1, 1, -1]]
    assert rows.free_hints.tolist() == [[0, -1, -1], [-1, -1, -1], [-1, 1, -1], [-1, 1, -1]]
    first, second, third = made._report(Trust(value=0.5), rows).functions
    assert (first.name, first.kind, first.label) == ("awful, rude", "rule", "bad")
    assert (first.coverage, first.conflicts) == (4 / 8, 1 / 8)
    assert (first.measured, first.n_measured) == (pytest.approx(1 / 3), 3)
    assert (second.coverage, second.conflicts, second.measured, second.n_measured) == (4 / 8, 1 / 8, 1, 2)
    assert 0 < first.accuracy < second.accuracy < 1
    assert (third.coverage, third.conflicts, third.accuracy, third.measured, third.n_measured) == (0, 0, None, None, 0)


def test_without_any_function_there_is_nothing_to_report():
    made = WeakSupervision(parent(), None, None, ["text"], "binary")
    rows = rows_of(made, {"text": ["a", "b", "c"]}, [0, 1])
    assert rows.votes().shape == (3, 0)
    assert made._report(Trust(value=0.0), rows) == Advice(trust=Trust(value=0.0))
    assert "no rule" in str(made._why_not(rows))
    assert "no unlabelled rows" in str(made._why_not(rows_of(made, {"text": ["a", "b"]}, [0, 1])))


def test_unlabelled_rows_with_a_vote_are_taught_as_the_label_model_believes():
    made = weak()
    texts = ["awful", "lovely", "awful", "nothing", "lovely", "awful lovely", "great"]
    rows = rows_of(made, {"text": texts}, [0, 1, 0])
    assert made._why_not(rows) is None
    lesson = made._lesson(rows)
    assert lesson.X["text"].tolist() == ["lovely", "awful lovely", "great"]
    model = learned(rows.votes(), np.array([0, 1, 0, -1, -1, -1, -1]), 2)
    targets, weights = in_shares(model.posterior(np.array([[-1, 1], [0, 1], [-1, 1]])), np.array([0, 1, 0]))
    assert lesson.targets == pytest.approx(targets)
    assert lesson.weights == pytest.approx(weights)


def test_the_namer_votes_on_the_clearer_half():
    namer = ZeroShot(Meanings([["red"], ["blue"], ["dark"]]), ["text"], "binary")
    made = WeakSupervision(parent(), namer, None, ["text"], "binary")
    rows = rows_of(made, {"text": ["red", "blue", "x", "y", "dark red", "x y"]}, [0, 1], classes=("blue", "red"))
    assert rows.votes()[:, 0].tolist() == [1, 0, -1, -1, 1, -1]
    assert made.functions_ == [{"name": "e5", "kind": "names", "label": ""}]
    assert made._read_by_adviser(pd.DataFrame()) == ["text"]
    assert len(made.frozen_work(pd.DataFrame({"text": ["red"], "size": [1.0]}))) == 1
    assert weak().frozen_work(pd.DataFrame({"text": ["red"], "size": [1.0]})) == []
