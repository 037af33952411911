"""What is read out of stored explanations: cohorts, two explanations beside each other, where two measures disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.plan import Condition
from core.results.comparison import Interval
from core.results.explanations import cohort as cohorts
from core.results.explanations import contrast
from core.results.explanations.global_explanation import Importance, WholeExplanation, WordEffect, ranked, shares
from core.results.explanations.importance_notes import disagreements


def importance(name: str, mean: float, reach: float = 0.001) -> Importance:
    return Importance(name=name, value=Interval(mean=mean, low=mean - reach, high=mean + reach))


def explained(moved: dict[str, float], lost: dict[str, float] | None = None, words=()) -> WholeExplanation:
    return WholeExplanation(
        run="r",
        candidate="c",
        unit="probability",
        background_rows=1,
        n_rows=10,
        shapley=[importance(name, mean) for name, mean in moved.items()],
        permutation=[importance(name, mean) for name, mean in (lost or {}).items()],
        words=[WordEffect(column="t", label="yes", text=text, value=value, n_rows=n) for text, value, n in words],
    )


def test_ranking_by_hand():
    rows = pd.DataFrame({"column": ["a", "b", "a", "b"], "effect": [0.1, -0.5, -0.3, 0.5]})
    first, second = ranked(rows)
    assert (first.name, first.value.mean, first.value.low) == ("b", 0.5, 0.5)
    assert second.value.mean == pytest.approx(0.2)
    assert second.value.high == pytest.approx(0.2 + 1.96 * np.std([0.1, 0.3], ddof=1) / np.sqrt(2))
    assert shares([first, second]) == pytest.approx({"b": 5 / 7, "a": 2 / 7})


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        ("at least", "2", [False, True, True, False]),
        ("at most", "2", [True, True, False, False]),
        ("is", "2", [False, True, False, False]),
        ("missing", "", [False, False, False, True]),
    ],
)
def test_conditions_on_numbers(how, value, expected):
    values = pd.Series([1.0, 2.0, 3.0, np.nan])
    assert list(cohorts.meets(values, Condition(column="n", how=how, value=value))) == expected


def test_conditions_on_words_and_days():
    words = pd.Series(["Late flight", "late", None])
    assert list(cohorts.meets(words, Condition(column="w", how="contains", value="LATE"))) == [True, True, False]
    assert list(cohorts.meets(words, Condition(column="w", how="is", value="late"))) == [False, True, False]
    assert list(cohorts.meets(words, Condition(column="w", how="contains", value="[a"))) == [False, False, False]
    days = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-01", None]))
    assert list(cohorts.meets(days, Condition(column="d", how="at least", value="2024-02-01"))) == [False, True, False]


def test_a_day_is_over_at_its_end_and_may_be_far_away():
    days = pd.Series(np.array(["2024-02-01T14:30", "2024-02-02T00:00", "9999-12-31T00:00", "NaT"], "datetime64[us]"))

    def met(how, value):
        return list(cohorts.meets(days, Condition(column="d", how=how, value=value)))

    assert met("at most", "2024-02-01") == [True, False, False, False]
    assert met("at most", "2024-02-01T14:00") == [False, False, False, False]
    assert met("at least", "9999-12-31") == [False, False, True, False]


def test_two_explanations_beside_each_other():
    first = explained({"t": 3.0, "n": 1.0}, words=[("good", 2.0, 5), ("odd", 9.0, 1)])
    second = explained({"n": 1.0}, words=[("bad", -0.5, 3)])
    columns = contrast.columns(first, second)
    assert columns.to_dict("list") == {
        "column": ["n", "t"],
        "first": [0.25, 0.75],
        "second": [1.0, pytest.approx(np.nan, nan_ok=True)],
    }
    words = contrast.words(first, second).set_index("word")
    assert set(words.index) == {"good", "bad"}  # a word of one row says too little
    assert words.loc["good", ["first", "second", "rows"]].tolist() == [0.5, 0.0, 5]
    assert words.loc["bad", ["first", "second"]].tolist() == [0.0, -0.5]


def test_words_stand_by_how_far_two_explanations_are_apart():
    first = explained({"t": 1.0}, words=[("alike", 0.9, 5), ("apart", 0.3, 5), ("less", 0.1, 5)])
    second = explained({"t": 1.0}, words=[("alike", 0.9, 5), ("apart", -0.3, 5), ("less", 0.0, 5)])
    assert contrast.words(first, second)["word"].tolist() == ["apart", "less", "alike"]


def test_columns_that_neither_move_nor_cost_do_not_make_an_order():
    # three that matter, in opposite orders, and many that hardly do: too few for a rank correlation
    moved = {"a": 0.4, "b": 0.3, "c": 0.2, **{f"n{place}": 0.01 for place in range(8)}}
    lost = {"a": 0.2, "b": 0.3, "c": 0.4, **{f"n{place}": 0.002 for place in range(8)}}
    assert disagreements(explained(moved, lost)) == []
    # a fourth that moves little but costs a twelfth of all counts
    lost["n0"] = 0.08
    assert "rank correlation" in str(disagreements(explained(moved, lost))[0])


def test_a_column_that_moves_much_but_costs_nothing_is_named():
    found = disagreements(explained({"a": 0.5, "b": 0.4, "c": 0.1}, {"a": 0.2, "b": 0.0, "c": 0.05}))
    assert ["“b” makes 40% of all movement" in str(one) for one in found] == [True]
    found = disagreements(explained({"a": 0.97, "b": 0.03}, {"a": 0.2, "b": 0.1}))
    assert ["Shuffling “b” costs 33% of all" in str(one) for one in found] == [True]


def test_opposite_orders_are_named_and_like_ones_are_not():
    moved = {"a": 0.18, "b": 0.17, "c": 0.16, "d": 0.15}
    opposite = disagreements(explained(moved, {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}))
    assert "rank correlation -1.00" in str(opposite[0])
    assert disagreements(explained(moved, {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})) == []
    assert disagreements(explained(moved)) == []


def test_columns_whose_shuffling_is_chance_are_ties_and_make_no_other_order():
    moved = {"t": 0.8, "a": 0.07, "b": 0.06, "c": 0.05}
    assert disagreements(explained(moved, {"t": 0.4, "a": 0.0, "b": 0.0002, "c": 0.0005})) == []
