"""The search for another answer: words, thresholds, its end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.schema import Schema
from core.explain.counterfactual.edits import Row, Step
from core.explain.counterfactual.plausibility import Rows
from core.explain.counterfactual.search import Search, other_class, past
from core.explain.counterfactual.substitutes import NearWords
from tests.fuse.tables import column

ROLES = {"hours": "number", "city": "category", "plan": "category", "text": "text"}
SCHEMA = Schema(columns=[column(name, role, "en") for name, role in ROLES.items()])
TEXT = "the parcel was awful, and the office was awful too"


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "hours": random.integers(0, 40, 120).astype(float),
            "city": random.choice(["Rome", "Oslo", "Lima"], 120),
            "plan": random.choice(["free", "paid"], 120),
            "text": [f"the parcel was {word} and the office was {word}" for word in ["awful", "lovely", "late"] * 40],
        }
    )


def search(table, said, goal, row=None, columns=None, seconds=False, most_words=3):
    rows = Rows(table, ROLES)
    start = pd.DataFrame([{"hours": 3.0, "city": "Rome", "plan": "free", "text": TEXT} | (row or {})])
    words = {"text": NearWords(table["text"].tolist(), "en")}
    names = columns or list(table.columns)
    return Search(said, Row(start, SCHEMA), goal, rows, words, names, most_words, lambda: seconds)


def found(one, answers=4):
    """Refined answers after the whole search."""
    for _depth in one.levels(answers):
        pass
    return [one.refined(steps) for steps in one.best(answers)]


def yes_no(score):
    """A model of two classes: yes where the score is above 0."""

    def said(frame):
        probability = 1 / (1 + np.exp(-score(frame)))
        return np.where(probability > 0.5, "yes", "no"), np.column_stack([1 - probability, probability])

    return said


NOT_NO = other_class(["no", "yes"], "no", None)


def test_words_are_deleted_or_replaced(table):
    def score(frame):
        return 0.5 - frame["text"].str.count("awful")

    one = search(table, yes_no(score), NOT_NO, columns=["text"])
    answers = found(one)
    assert all(len(steps) == 2 and {step.kind for step in steps} <= {"delete", "replace"} for steps in answers)
    texts = [one.row.changed("text", steps) for steps in answers]
    assert not any("awful" in text for text in texts)
    single = search(table, yes_no(score), NOT_NO, columns=["text"], most_words=1)
    assert found(single) == []
    assert single.complete


def test_a_number_is_moved_past_a_threshold(table):
    one = search(table, lambda frame: (frame["hours"].to_numpy() * 2, None), past(20.0, 6.0), columns=["hours"])
    assert found(one)[0] == {Step("hours", "value", float(table["hours"][table["hours"] > 10].min()))}


def test_answers_change_different_things_first(table):
    def score(frame):
        return (frame["city"] != "Rome") + (frame["plan"] == "paid") + (frame["hours"] > 30) - 0.5

    answers = found(search(table, yes_no(score), NOT_NO, columns=["city", "plan", "hours"]), 3)
    assert {step.column for steps in answers for step in steps} == {"city", "plan", "hours"}


def test_a_model_that_never_changes_is_said_to_be_searched_through(table):
    one = search(table, yes_no(lambda frame: np.full(len(frame), -1.0)), NOT_NO)
    assert found(one) == []
    assert one.complete
    assert one.tried > 100


def test_without_time_it_ends_and_says_so(table):
    one = search(table, yes_no(lambda frame: np.full(len(frame), -1.0)), NOT_NO, seconds=True)
    assert found(one) == []
    assert (one.complete, one.depth) == (False, 0)
