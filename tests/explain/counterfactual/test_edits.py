"""Edits of a row: the nearest value, as few as trying all finds, words that keep their marks."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.schema import Schema
from core.explain.counterfactual.edits import Row, Step, in_place_of, rewritten, values
from core.explain.counterfactual.plausibility import Rows
from core.explain.counterfactual.search import PARTNERS, Search, other_class
from core.explain.counterfactual.substitutes import NearWords
from tests.explain.counterfactual.test_search import yes_no
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


NOT_NO = other_class(["no", "yes"], "no", None)


def test_the_nearest_seen_value_past_the_border_is_found(table):
    one = search(table, yes_no(lambda frame: frame["hours"] - 11.5), NOT_NO, columns=["hours", "city"])
    (best, *_rest) = found(one)
    assert best == {Step("hours", "value", float(table["hours"][table["hours"] > 11.5].min()))}


def test_two_changes_are_found_where_none_does_alone(table):
    def score(frame):
        return (frame["city"] == "Oslo") * 1.0 + (frame["plan"] == "paid") - 1.5

    best = found(search(table, yes_no(score), NOT_NO))[0]
    assert best == {Step("city", "value", "Oslo"), Step("plan", "value", "paid")}


def test_many_strong_values_of_few_columns_do_not_hide_what_another_adds():
    random = np.random.default_rng(0)
    table = pd.DataFrame({name: random.permutation(200) + 10.0 for name in "abcd"} | {"e": ["no", "yes"] * 100})
    roles = dict.fromkeys("abcd", "number") | {"e": "category"}
    start = pd.DataFrame([dict.fromkeys("abcd", 3.0) | {"e": "no"}])

    def score(frame):  # any of the four numbers is worth 0.6, all of them no more than one
        return 0.6 * (frame[list("abcd")] > 5).any(axis=1) + 0.5 * (frame["e"] == "yes") - 1

    row = Row(start, Schema(columns=[column(name, role) for name, role in roles.items()]))
    one = Search(yes_no(score), row, NOT_NO, Rows(table, roles), {}, list(roles), 0, lambda: False)
    assert sum(len(values(row, name, table)) for name in "abcd") > PARTNERS
    (best, *_rest) = found(one)
    assert len(best) == 2
    assert Step("e", "value", "yes") in best


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_of_additive_models_it_finds_as_few_changes_as_trying_all_does(seed):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({name: random.choice(list("pqr"), 30) for name in "abcd"})
    weights = {(name, value): random.normal() for name in "abcd" for value in "pqr"}
    border = random.normal() * 2

    def score(frame):
        return sum(frame[name].map({value: weights[name, value] for value in "pqr"}) for name in "abcd") - border

    start = table.iloc[[0]]
    if yes_no(score)(start)[0][0] != "no":
        return
    schema = Schema(columns=[column(name, "category") for name in "abcd"])
    rows, row = Rows(table, dict.fromkeys("abcd", "category")), Row(start, schema)
    one = Search(yes_no(score), row, NOT_NO, rows, {}, list("abcd"), 0, lambda: False)
    steps = {name: values(row, name, table) for name in "abcd"}
    sizes = [
        n
        for n in range(1, 5)
        for names in combinations("abcd", n)
        for chosen in product(*(steps[name] for name in names))
        if score(row.with_steps([frozenset(chosen)])).iloc[0] > 0
    ]
    answers = found(one, 1)
    assert [len(steps) for steps in answers] == ([min(sizes)] if sizes else [])


def test_distance_counts_deviations_words_and_categories(table):
    rows, row = Rows(table, ROLES), search(table, yes_no(len), NOT_NO).row
    deviation = 1.4826 * np.median(np.abs(table["hours"] - table["hours"].median()))
    steps = frozenset(
        [Step("hours", "value", 3 + 2 * deviation), Step("city", "value", "Oslo"), Step("text", "delete", "", 3)]
    )
    assert rows.distance(row, steps) == pytest.approx((2 + 1 + 1 / len(row.spans["text"])) / 4)


def test_how_common_what_is_new_is_stands_beside_it(table):
    rows, words = Rows(table, ROLES), NearWords(table["text"].tolist(), "en")
    assert str(rows.note(Step("text", "replace", "lovely", 3), words)) == "“lovely” stands in 40 of 120 texts"
    share = (table["city"] == "Oslo").mean()
    assert str(rows.note(Step("city", "value", "Oslo"), None)) == f"{share:.0%} of the rows have it"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("not good at all", {0: ""}, "good at all"),
        ("not good at all", {1: "bad", 3: ""}, "not bad at"),
        ("one", {0: ""}, ""),
    ],
)
def test_a_text_is_rewritten_word_by_word(text, words, expected):
    spans = Row(pd.DataFrame({"text": [text]}), SCHEMA).spans["text"]
    assert rewritten(text, spans, words) == expected


def test_a_new_word_keeps_the_marks_of_the_old():
    assert in_place_of("“Late,”", "early") == "“early,”"
    assert in_place_of("?!", "x") in {"x", "x?!"}
