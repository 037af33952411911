"""Columns as numbers, worked out by hand: gaps, scales, rare values, days on their circles, rows in errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fuse.columns import (
    FAINT,
    FEW,
    MISSING,
    PIECES,
    Category,
    Dates,
    Dense,
    Numbers,
    as_days,
    as_numbers,
    as_texts,
    misfit,
    word,
)
from core.messages import MismatchedTable


def test_a_value_far_out_counts_as_ten_thousand_quartile_ranges_or_times_the_largest():
    made = Numbers().fit(pd.DataFrame({"spread": [1.0, 2.0, 3.0, 4.0, 5.0], "alike": [7.0, 7.0, 7.0, 7.0, 8.0]}))
    assert made.lowest_ == pytest.approx([3 - 10_000 * 2, -10_000 * 8])
    assert made.highest_ == pytest.approx([3 + 10_000 * 2, 10_000 * 8])
    far, ends = ({"spread": [1e9, -1e9], "alike": [1e9, -1e9]}, {"spread": [20_003, -19_997], "alike": [8e4, -8e4]})
    assert made.transform(pd.DataFrame(far)) == pytest.approx(made.transform(pd.DataFrame(ends)))


def test_numbers_are_filled_with_the_median_marked_and_scaled_as_in_training():
    made = Numbers().fit(pd.DataFrame({"a": [1.0, 2.0, np.nan, 9.0], "b": [5.0, 5.0, 5.0, 5.0]}))
    assert made.medians_.tolist() == [2, 5]
    assert made.means_ == pytest.approx([3.5, 5])  # of 1, 2, 2, 9
    assert made.deviations_ == pytest.approx([10.25**0.5, 1])  # one that never changes is not divided by 0
    assert made.marked_.tolist() == [0]
    found = made.transform(pd.DataFrame({"a": [np.nan, 3.5], "b": [np.nan, 6.0]}))
    assert found == pytest.approx(np.array([[-1.5 / 10.25**0.5, 0, 1], [0, 1, 0]]))


def test_a_column_that_was_empty_in_training_says_nothing():
    made = Numbers().fit(pd.DataFrame({"a": [np.nan, np.nan]}))
    assert made.transform(pd.DataFrame({"a": [np.nan, 0.0]})).tolist() == [[0, 1], [0, 0]]


def test_infinite_numbers_are_missing_and_words_are_named_by_row():
    assert as_numbers(pd.DataFrame({"a": [np.inf, -np.inf, 2.0]})).ravel()[2] == 2
    assert np.isnan(as_numbers(pd.DataFrame({"a": [np.inf, -np.inf, 2.0]})).ravel()[:2]).all()
    assert as_numbers(pd.DataFrame({"a": ["1", None, "2.5"]})).ravel()[[0, 2]].tolist() == [1, 2.5]
    part = pd.DataFrame({"a": ["1"] * 9 + ["one"]}).iloc[5:]  # rows 6 to 10 of a table, as in a fold
    with pytest.raises(MismatchedTable, match="row 10 says “one”"):
        as_numbers(part)
    with pytest.raises(MismatchedTable, match="row 2 says “one”"):
        as_numbers(pd.DataFrame({"a": ["1", "one"]}, index=["x", "y"]))


def test_frequent_values_have_a_place_each_and_unknown_ones_none():
    made = Category().fit(pd.DataFrame({"a": ["b", "b", "a", None]}))
    assert made.values_[0] == "b"  # the most frequent first
    found = made.transform(pd.DataFrame({"a": ["a", "b", None, "new"]}))
    assert found.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]]  # in the order (missing), a, b


def test_many_values_are_spelled_too_and_weigh_less():
    few = Category().fit(pd.DataFrame({"a": [f"v{place}" for place in range(FEW)]}))
    assert not few.spelled_
    many = Category().fit(pd.DataFrame({"a": [f"v{place}" for place in range(FEW + 1)]}))
    found = many.transform(pd.DataFrame({"a": ["v1", "never seen"]}))
    assert found.shape == (2, FEW + PIECES)
    assert found[0, :FEW].sum() == pytest.approx(FAINT)
    assert found[1, :FEW].sum() == 0
    assert np.linalg.norm(found[:, FEW:], axis=1) == pytest.approx([FAINT, FAINT])


def test_a_cell_as_a_name():
    cells = [1.0, 1.5, True, None, np.nan, pd.NaT, "x", 10**6]
    assert [word(cell) for cell in cells] == ["1", "1.5", "True", MISSING, MISSING, MISSING, "x", "1000000"]


def test_days_by_hand():
    days = as_days(pd.DataFrame({"d": ["1970-01-02", None, "1970-01-11 12:00"]}))
    assert days[[0, 2]].tolist() == [1, 10.5]
    assert np.isnan(days[1])
    made = Dates().fit(pd.DataFrame({"d": pd.to_datetime(["2020-01-01", "2020-01-03", None, "2020-01-05"])}))
    assert made.spread_ == pytest.approx((8 / 3) ** 0.5)
    # Wednesday, 1 April 2020, 18 h: 89.75 days after the median
    (found,) = made.transform(pd.DataFrame({"d": pd.to_datetime(["2020-04-01 18:00"])}))
    assert found[0] == pytest.approx(89.75 / (8 / 3) ** 0.5)
    assert found[1] == pytest.approx(2.0)  # decades since 2000
    week = 2 * np.pi * 2 / 7
    assert found[2:] == pytest.approx([1, 0, np.sin(week), np.cos(week), -1, 0, 0], abs=1e-9)
    (gap,) = made.transform(pd.DataFrame({"d": [pd.NaT]}))
    assert (gap[0], gap[-1]) == (0, 1)
    with pytest.raises(MismatchedTable, match="holds dates, but row 8 says “soon”"):
        as_days(pd.DataFrame({"d": ["2020-01-01", "soon"]}, index=[3, 7]))


def test_one_day_in_all_has_no_spread_to_divide_by():
    made = Dates().fit(pd.DataFrame({"d": pd.to_datetime(["2020-01-01"] * 3)}))
    assert made.transform(pd.DataFrame({"d": pd.to_datetime(["2020-01-03"])}))[0, 0] == 2


def test_the_first_cell_that_does_not_fit_is_found():
    assert misfit(pd.Series(["1", None, "x", "y"]), "number") == 2
    assert misfit(pd.Series([1.0, np.nan]), "number") is None
    assert misfit(pd.Series(["2024-05-31", None, "soon"]), "date") == 2
    assert misfit(pd.Series(["2024-05-31", None]), "date") is None


def test_texts_keep_their_gaps():
    assert as_texts(pd.DataFrame({"a": ["x", None, 3]})).tolist() == ["x", None, "3"]
    assert Dense().fit(np.eye(2)).transform(np.eye(2)).dtype == np.float32
