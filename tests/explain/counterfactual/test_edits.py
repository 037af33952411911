"""Edits of a row: the nearest value, as few as trying all finds, words that keep their marks."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.schema import Schema
from core.explain.counterfactual.edits import Row, Step, in_place_of, nearer, rewritten, values
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
    assert in_place_of("Late,", "early") == "early,"
    assert in_place_of("?!", "x") in {"x", "x?!"}


def start(**cells) -> Row:
    return Row(pd.DataFrame([{"hours": 50.0, "city": "Rome", "plan": "free", "text": TEXT} | cells]), SCHEMA)


def offered(row, name, cells):
    return [step.value for step in values(row, name, pd.DataFrame({name: cells}))]


def test_numbers_are_tried_at_nine_quantiles_of_what_was_seen():
    seen = np.random.default_rng(0).permutation(np.arange(101.0))
    assert offered(start(), "hours", seen) == [2, 14, 26, 38, 62, 74, 86, 98]  # without the row's own, 50
    assert offered(start(hours=np.nan), "hours", seen) == [2, 14, 26, 38, 50, 62, 74, 86, 98]
    assert offered(start(), "hours", [3.0, np.nan, 7.0]) == [3, 7]
    assert offered(start(), "hours", [np.nan]) == []
    assert offered(start(hours="?"), "hours", ["b", "a", "b"]) == ["b", "a"]  # no numbers after all


def test_the_twelve_most_frequent_categories_are_tried():
    letters = "abcdefghijklmn"
    cells = [letter for times, letter in enumerate(letters, start=1) for _time in range(times)]
    assert offered(start(), "city", cells) == list(letters[:1:-1])
    assert offered(start(city="n"), "city", cells) == list(letters[-2:1:-1])
    assert offered(start(city=None), "city", ["b", None, "a", "b"]) == ["b", "a"]


def test_between_a_number_and_its_new_one_lie_the_seen_ones_the_nearest_first():
    rows = pd.DataFrame({"hours": [60.0, 52.0, 50.0, 45.0, 52.0, 49.0, np.nan], "city": list("abcdefg"), "text": TEXT})
    assert nearer(start(), Step("hours", "value", 60.0), rows) == [52, 60]
    assert nearer(start(), Step("hours", "value", 44.0), rows) == [49, 45, 44]
    assert nearer(start(hours=np.nan), Step("hours", "value", 60.0), rows) == []
    assert nearer(start(), Step("city", "value", "b"), rows) == []
    assert nearer(start(), Step("text", "delete", "", 0), rows) == []
    assert nearer(start(hours="?"), Step("hours", "value", "b"), rows.assign(hours=list("abcdefg"))) == []


def test_steps_are_told_as_a_person_reads_them():
    row = start(city=None)
    told = {
        ("value", "50", "12.5"): Step("hours", "value", 12.5),
        ("value", "", "Oslo"): Step("city", "value", "Oslo"),
        ("delete", "awful,", ""): Step("text", "delete", "", 3),
        ("replace", "awful,", "lovely,"): Step("text", "replace", "lovely,", 3),
    }
    assert {(one.kind, one.before, one.after) for one in map(row.told, told.values())} == set(told)
    assert [row.told(step).column for step in told.values()] == ["hours", "city", "text", "text"]
    long = start(city="x" * 300).told(Step("city", "value", "y" * 300))
    assert (len(long.before), len(long.after)) == (200, 200)


def test_rows_are_made_by_their_steps_and_keep_their_types():
    row = Row(pd.DataFrame({"hours": [3], "city": ["Rome"], "text": ["a b c"]}), SCHEMA)
    made = row.with_steps(
        [
            frozenset(),
            frozenset([Step("hours", "value", 5), Step("text", "delete", "", 0), Step("text", "replace", "x", 2)]),
        ]
    )
    assert made.to_dict("list") == {"hours": [3, 5], "city": ["Rome", "Rome"], "text": ["a b c", "b x"]}
    assert made.dtypes.equals(row.frame.dtypes)
    gap = row.with_steps([frozenset([Step("hours", "value", None)])])
    assert gap["hours"].tolist() == [None]  # whole numbers know no gap
    assert list(Row(pd.DataFrame({"city": ["a b"], "text": [None]}), SCHEMA).texts) == []
