"""The search for another answer: words, thresholds, its end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.schema import Schema
from core.explain.counterfactual.edits import Row, Step
from core.explain.counterfactual.plausibility import Rows
from core.explain.counterfactual.search import AT_ONCE, Search, other_class, past
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


@pytest.mark.parametrize(
    ("wanted", "said", "likely", "score"),  # now it is “a”
    [
        (None, "a", [0.5, 0.3, 0.2], -0.2),
        (None, "b", [0.2, 0.7, 0.1], 0.5),
        (None, "b", [0.5, 0.5, 0.0], 1e-9),  # a tie that the model calls “b”
        (None, "a", [0.4, 0.6, 0.0], 0.0),  # a threshold of the model's own
        ("c", "a", [0.5, 0.3, 0.2], -0.3),
        ("c", "c", [0.1, 0.3, 0.6], 0.3),
        ("c", "b", [0.1, 0.6, 0.3], -0.3),
    ],
)
def test_how_far_a_class_is_past_the_border(wanted, said, likely, score):
    goal = other_class(["a", "b", "c"], "a", wanted)
    assert goal.score(np.array([said]), np.array([likely])) == pytest.approx([score], abs=1e-12)


@pytest.mark.parametrize(("now", "scores"), [(6.0, [-5, 0, 5]), (20.0, [-5, 0, 5]), (21.0, [5, 0, -5])])
def test_how_far_a_number_is_past_the_border(now, scores):
    assert past(20.0, now).score(np.array([15, 20, 25]), None).tolist() == scores


def step_of(name, value="x", place=-1):
    kind = "value" if place < 0 else "delete"
    return Step(name, kind, value, place)


def idle(table, **more):
    """A search that has not begun, of a model that never changes."""
    return search(table, yes_no(lambda frame: np.full(len(frame), -1.0)), NOT_NO, **more)


def test_the_best_are_few_changes_of_different_things_and_then_more_of_the_same(table):
    one = idle(table)
    a, b, c = (step_of("city", value) for value in "abc")
    plan, far, near = step_of("plan"), step_of("hours", 40.0), step_of("hours", 4.0)
    one.flips = [frozenset(some) for some in ([far], [a], [b], [plan, near], [near], [plan, c])]
    near_first = [frozenset([near]), frozenset([a])]  # numbers that move little are nearer than a category
    assert one.best(1) == near_first[:1]
    assert one.best(2) == near_first
    # those that share half of their places with others come in the second round, more of the same at last
    pairs = [frozenset([plan, near]), frozenset([plan, c])]
    assert one.best(3) == [*near_first, pairs[0]]
    assert one.best(4) == [*near_first, *pairs]
    assert one.best(5) == [*near_first, frozenset([b]), *pairs]
    assert one.best(9) == [*near_first, frozenset([b]), frozenset([far]), *pairs]
    assert one.best(0) == []
    one.flips = []
    assert one.best(3) == []


def test_partners_do_not_suffice_alone_and_are_three_for_each_place(table):
    one = idle(table)
    scores = {
        step_of("city", value): score for value, score in zip("abcde", (-0.5, 0.1, -0.2, -0.3, -0.4), strict=True)
    }
    scores |= {step_of("plan"): -0.1, step_of("hours", 1.0): 0.0}
    one._known = {frozenset([step]): score for step, score in scores.items()}
    assert one._partners(list(one._known)) == [
        step_of("hours", 1.0), step_of("plan"), step_of("city", "c"), step_of("city", "d"), step_of("city", "e"),
    ]  # fmt: skip


def test_a_text_changes_in_so_many_words_and_a_cell_once(table):
    one = idle(table, most_words=2)
    two_words = frozenset([step_of("text", place=0), step_of("text", place=4), step_of("plan")])
    assert not one._fits(two_words, step_of("text", place=7))
    assert one._fits(two_words, step_of("city"))
    assert not one._fits(two_words, step_of("plan", "y"))
    one_word = frozenset([step_of("text", place=0), step_of("plan")])
    assert one._fits(one_word, step_of("text", place=7))
    assert not one._fits(one_word, step_of("text", place=0))


def test_a_set_that_holds_a_smaller_one_that_flips_is_not_kept(table):
    one = idle(table)
    a, b, c = (frozenset([step_of("city", value)]) for value in "abc")
    one._known = {a: 0.2, b: 0.0, c: -0.1, a | c: 0.5, b | c: 0.1}
    one._collect([a, b, c])
    one._collect([a | c, b | c])
    assert one.flips == [a, b | c]


def test_what_is_not_needed_is_left_out_and_numbers_come_as_near_as_seen_values_allow(table):
    def score(frame):
        return (frame["plan"] == "paid") * 1.0 + (frame["hours"] >= 20) - 1.5

    one = search(table, yes_no(score), NOT_NO)
    city, plan = Step("city", "value", "Oslo"), Step("plan", "value", "paid")
    nearest = Step("hours", "value", float(table["hours"][table["hours"] >= 20].min()))
    assert one.refined(frozenset([city, plan, Step("hours", "value", 39.0)])) == {plan, nearest}
    assert one.refined(frozenset([plan, nearest])) == {plan, nearest}
    any_more = search(table, yes_no(lambda frame: frame["hours"] - 3.5), NOT_NO)
    first = Step("hours", "value", float(table["hours"][table["hours"] > 3].min()))
    assert any_more.refined(frozenset([Step("hours", "value", 39.0)])) == {first}


def test_no_row_is_asked_about_twice_and_never_too_many_at_once(table):
    asked = []

    def said(frame):
        asked.append(len(frame))
        return yes_no(lambda frame: np.full(len(frame), -1.0))(frame)

    one = search(table, said, NOT_NO)
    assert found(one) == []
    assert one.tried == sum(asked) == len(one._known)
    assert one.depth == 5  # changes at most
    asked.clear()
    many = [frozenset([step_of("hours", 100.0 + more)]) for more in range(AT_ONCE + 7)]
    assert (one._look([*many, *many]) < 0).all()
    assert asked == [128, 7]


def test_what_there_was_no_time_for_is_beyond_all_others(table):
    one = idle(table, seconds=True)
    scores = one._look([frozenset([step_of("hours", float(more))]) for more in range(AT_ONCE + 7)])
    assert np.isfinite(scores[:AT_ONCE]).all()  # some are looked at in any case
    assert (scores[AT_ONCE:] == -np.inf).all()
    assert one.tried == AT_ONCE


def test_depths_are_told_as_they_are_reached_and_the_search_ends_with_enough_answers(table):
    def score(frame):
        return (frame["city"] == "Oslo") * 1.0 + (frame["plan"] == "paid") - 1.5

    one = search(table, yes_no(score), NOT_NO, columns=["city", "plan", "hours"])
    assert list(one.levels(1)) == [1, 2]
    assert one.complete
    assert one.best(1) == [{Step("city", "value", "Oslo"), Step("plan", "value", "paid")}]
    assert list(search(table, yes_no(score), NOT_NO, columns=["city"]).levels(1)) == [1]  # nothing to combine


def test_a_text_that_may_not_change_is_left_alone(table):
    one = idle(table, most_words=0)
    assert found(one) == []
    assert {step.column for steps in one._known for step in steps} == {"hours", "city", "plan"}


def test_other_words_are_tried_for_those_that_do_most_when_they_are_deleted(table):
    def score(frame):
        return -2.5 - frame["text"].str.count("awful") - 0.1 * frame["text"].str.count("parcel")

    one = search(table, yes_no(score), NOT_NO, columns=["text"])
    assert found(one) == []
    replaced = {step.place for steps in one._known for step in steps if step.kind == "replace"}
    assert {3, 8} <= replaced  # both “awful”
    assert len(replaced) <= 5
