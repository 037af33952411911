"""Scores within values and ranges of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from core.evaluate.subgroups import by_group


def held(said, truth="aabb", rows=range(4)):
    return pd.DataFrame({"row": list(rows), "fold": 0, "truth": list(truth), "prediction": list(said)})


def test_a_score_within_the_values_of_a_column():
    values = pd.Series(["x"] * 10 + ["y"] * 6 + ["rare"] * 2 + [None] * 2)
    said = ["a"] * 8 + ["b"] * 2 + ["a"] * 3 + ["b"] * 3 + ["a"] * 4
    found = by_group(held(said, ["a"] * 20, range(20)), values, "binary", "accuracy", ["a", "b"])
    shown = [(group.kind, group.label, group.n_rows, group.score.mean) for group in found]
    assert shown == [("value", "x", 10, 0.8), ("value", "y", 6, 0.5), ("others", "", 2, 1), ("missing", "", 2, 1)]


def test_a_number_is_grouped_by_four_ranges_with_equally_many_rows():
    off = [1.0] * 25 + [2.0] * 25 + [3.0] * 25 + [4.0] * 25
    made = held(off, [0.0] * 100, range(100))
    found = by_group(made, pd.Series(range(100)), "regression", "mae", [])
    assert [group.label for group in found] == ["0 – 24", "25 – 49", "50 – 74", "75 – 99"]
    assert [group.score.mean for group in found] == [1, 2, 3, 4]


def test_texts_are_grouped_by_length():
    texts = pd.Series(["w" * n for n in range(1, 41)])
    found = by_group(held("a" * 40, "a" * 40, range(40)), texts, "binary", "accuracy", ["a", "b"], text=True)
    assert [(group.kind, group.label) for group in found][:2] == [("length", "1 – 10"), ("length", "11 – 20")]


def test_a_score_that_is_not_defined_in_a_group_is_left_out():
    made = held("ab" * 10, "a" * 10 + "b" * 10, range(20)).assign(probability_a=0.5, probability_b=0.5)
    found = by_group(made, pd.Series(["p"] * 10 + ["q"] * 10), "binary", "roc_auc", ["a", "b"])
    assert [group.score for group in found] == [None, None]


def test_a_group_speaks_of_the_class_that_all_rows_speak_of():
    truth = np.array([*"111110", *"000001"])
    zero = np.array([0.1, 0.2, 0.7, 0.4, 0.5, 0.6, 0.9, 0.3, 0.2, 0.6, 0.1, 0.8])
    made = held("1" * 12, truth, range(12)).assign(probability_0=zero, probability_1=1 - zero)
    values = pd.Series(["p"] * 6 + ["q"] * 6)
    for positive, said in (("0", zero), ("1", 1 - zero)):
        found = by_group(made, values, "binary", "average_precision", ["0", "1"], positive=positive)
        shown = {group.label: group.score.mean for group in found}
        for label, rows in (("p", slice(6)), ("q", slice(6, 12))):
            expected = metrics.average_precision_score(truth[rows] == positive, said[rows])
            assert shown[label] == pytest.approx(expected)


def test_twelve_values_need_no_others():
    values = pd.Series([f"v{place % 12}" for place in range(120)])
    found = by_group(held("a" * 120, "a" * 120, range(120)), values, "binary", "accuracy", ["a", "b"])
    assert [group.kind for group in found] == ["value"] * 12


def test_a_value_of_four_rows_is_among_the_others():
    values = pd.Series(["x"] * 5 + ["y"] * 4)
    found = by_group(held("a" * 9, "a" * 9, range(9)), values, "binary", "accuracy", ["a", "b"])
    assert [(group.kind, group.label, group.n_rows) for group in found] == [("value", "x", 5), ("others", "", 4)]


def test_a_number_of_four_values_is_shown_value_by_value_and_of_five_in_ranges():
    for n, kind in ((4, "value"), (5, "range")):
        values = pd.Series([float(place % n) for place in range(40)])
        found = by_group(held([1.0] * 40, [0.0] * 40, range(40)), values, "regression", "mae", [])
        assert {group.kind for group in found} == {kind}


def test_many_values_are_shown_up_to_twelve():
    values = pd.Series([f"v{place % 20}" for place in range(200)])
    found = by_group(held("a" * 200, "a" * 200, range(200)), values, "binary", "accuracy", ["a", "b"])
    assert len(found) == 12
    assert found[-1].kind == "others"
    assert found[-1].n_rows == 90


def test_ends_of_ranges_are_rounded_and_have_separators():
    values = pd.Series(np.linspace(0.123456789, 12345.6789, 40))
    found = by_group(held(["a"] * 40, ["a", "b"] * 20, range(40)), values, "binary", "accuracy", ["a", "b"])
    assert found[0].label.startswith("0.123457 – 2,8")
    assert found[-1].label.endswith(" – 12,345.7")
