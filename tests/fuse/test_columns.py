"""Columns as numbers, worked out by hand: gaps, scales, rare values, days on their circles, rows in errors."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import HashingVectorizer

from core.fuse.columns import (
    FAINT,
    FEW,
    MISSING,
    PIECES,
    Category,
    Dates,
    Dense,
    Numbers,
    TextColumn,
    as_days,
    as_numbers,
    as_texts,
    misfit,
    read_once,
    row_of,
    word,
)
from core.messages import MismatchedTable


def test_a_value_far_out_counts_as_ten_thousand_quartile_ranges_or_times_the_largest():
    made = Numbers().fit(pd.DataFrame({"spread": [1.0, 2.0, 3.0, 4.0, 5.0], "alike": [7.0, 7.0, 7.0, 7.0, 8.0]}))
    assert made.lowest_ == pytest.approx([3 - 10_000 * 2, -10_000 * 8])
    assert made.highest_ == pytest.approx([3 + 10_000 * 2, 10_000 * 8])
    far, ends = ({"spread": [1e9, -1e9], "alike": [1e9, -1e9]}, {"spread": [20_003, -19_997], "alike": [8e4, -8e4]})
    assert made.transform(pd.DataFrame(far)) == pytest.approx(made.transform(pd.DataFrame(ends)))


def test_how_far_a_value_counts_does_not_hang_on_the_largest_one():
    made = Numbers().fit(pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0, 1e9], "b": [0.0, -1.0, -2.0, -3.0, -1e9]}))
    assert made.lowest_ == pytest.approx([2 - 20_000, -2 - 20_000])
    assert made.highest_ == pytest.approx([2 + 20_000, -2 + 20_000])
    assert made.means_ == pytest.approx([(6 + 20_002) / 5, -(6 + 20_002) / 5])


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


@pytest.mark.parametrize("unit", [1e-200, -1e-200, 1.0, 1e200, 5e307])
def test_numbers_of_any_size_are_scaled_without_overflow(unit):
    frame = pd.DataFrame({"a": [unit, 3 * unit]})
    found = Numbers().fit(frame).transform(frame)
    assert found.ravel() == pytest.approx([-1, 1] if unit > 0 else [1, -1])


def test_what_differs_by_rounding_alone_is_not_blown_up():
    frame = pd.DataFrame({"a": [0.3, 0.1 + 0.2, 0.3], "b": [1.0, 1.0 + 1e-9, 1.0]})
    assert Numbers().fit(frame).deviations_ == pytest.approx([1, 1e-9 * 2**0.5 / 3], rel=1e-5)


def test_only_columns_with_gaps_in_training_are_marked():
    made = Numbers().fit(pd.DataFrame({"a": [1, None, 3], "b": [1.0, 2, 3], "c": [None, None, 5]}))
    assert made.marked_.tolist() == [0, 2]
    assert made.transform(pd.DataFrame({"a": [2.0], "b": [None], "c": [None]})).tolist() == [[0, 0, 0, 0, 1]]


def test_a_bundle_of_before_does_not_clip():
    made = Numbers().fit(pd.DataFrame({"a": [1.0, 2.0, 3.0]}))
    del made.lowest_
    far = made.transform(pd.DataFrame({"a": [2 + 1e9]}))
    assert far.item() == pytest.approx(1e9 / (2 / 3) ** 0.5)


def test_a_scale_is_a_number_from_0_to_1_and_a_list_counts_in_every_place():
    words = pd.DataFrame({"a": ["low", "high", "mid", "other"]})
    made = Category(levels=["low", "mid", "high", "top"]).fit(words)
    assert made.transform(words)[:, -1] == pytest.approx([0, 2 / 3, 1 / 3, 0.5])
    assert Category(levels=["low"]).fit(words).transform(words)[:, -1].tolist() == [0, 0.5, 0.5, 0.5]
    assert Category().fit(words).transform(words).shape == (4, 4)

    cells = pd.DataFrame({"a": ["x;y", "y", None, "z; x"]})
    made = Category(separator=";").fit(cells)
    assert made.transform(cells).tolist() == [[0, 1, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]]
    many = pd.DataFrame({"a": [";".join(f"v{place}" for place in range(FEW + 1))]})
    assert not Category(separator=";").fit(many).spelled_


def test_the_most_frequent_values_have_the_places():
    usual, rare = [f"u{place:02}" for place in range(FEW)], [f"a{place:04}" for place in range(1000)]
    made = Category().fit(pd.DataFrame({"a": rare + 2 * usual}))
    assert made.onehot_.categories_[0].tolist() == usual
    assert len(made.values_) == 1000
    assert set(made.values_[:FEW]) == set(usual)
    found = made.transform(pd.DataFrame({"a": ["u07", "a0001"]}))
    spelled = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=PIECES).transform(["u07", "a0001"])
    places = np.zeros((2, FEW))
    places[0, 7] = 1
    assert found == pytest.approx(FAINT * np.hstack([places, spelled.toarray()]))


def test_without_any_date_in_training_days_count_from_1970():
    made = Dates().fit(pd.DataFrame({"d": pd.to_datetime([None, None])}))
    assert (made.median_, made.spread_) == (0, 1)
    assert made.transform(pd.DataFrame({"d": pd.to_datetime(["1970-01-03", None])}))[:, [0, -1]].tolist() == [
        [2, 0],
        [0, 1],
    ]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["31 May 1970"], [150]),
        (["1970-01-02", "3 January 1970", "1970/01/04 06:00"], [1, 2, 3.25]),
        (["1970-01-02T12:00+02:00", "1970-01-02T12:00Z"], [1 + 10 / 24, 1.5]),
    ],
)
def test_days_however_they_are_written(cells, days):
    assert as_days(pd.DataFrame({"d": cells})) == pytest.approx(days)


def test_numbers_of_other_kinds_and_no_columns():
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [True, False]})
    assert as_numbers(frame)[:, 1].tolist() == [1, 0]
    assert as_numbers(frame)[0, 0] == 1
    assert np.isnan(as_numbers(frame)[1, 0])
    assert as_numbers(frame[[]]).shape == (2, 0)


@pytest.mark.parametrize(
    ("labels", "number"), [([0, 0], 1), ([7, 4], 5), ([3, -1], 2), (["x", "y"], 2), ([0.5, 9.0], 2)]
)
def test_a_row_is_counted_from_1_in_the_whole_table_where_its_label_says_where_it_stands(labels, number):
    assert row_of(pd.DataFrame({"a": [0, 0]}, index=labels), 1) == number


class Lengths(TransformerMixin, BaseEstimator):
    """Texts to their lengths, times a factor; notes how often it was asked."""

    asked: ClassVar[list[int]] = []  # shared by all, as what is noted on a clone is lost

    def __init__(self, factor=1, label_free=True):
        self.factor, self.label_free = factor, label_free

    def fit(self, texts, y=None):
        self.seen_ = y
        return self

    def transform(self, texts):
        self.asked.append(len(texts))
        return self.factor * np.array([[len(text or ""), 0] for text in texts])


def test_equal_encoders_share_what_they_read_within_the_block_alone(monkeypatch):
    monkeypatch.setattr(Lengths, "asked", [])
    frame = pd.DataFrame({"a": ["x", "yy", None]})
    one, same, other, learns = (TextColumn(Lengths(*given)).fit(frame) for given in [(), (), (2,), (1, False)])
    Lengths.asked.clear()
    with read_once():
        assert one.transform(frame).tolist() == same.transform(frame).tolist() == [[1, 0], [2, 0], [0, 0]]
        assert Lengths.asked == [3]
        assert other.transform(frame).tolist() == [[2, 0], [4, 0], [0, 0]]
        assert one.transform(frame[:2]).tolist() == [[1, 0], [2, 0]]
        assert Lengths.asked == [3, 3, 2]
        learns.transform(frame)
        learns.transform(frame)
        assert Lengths.asked == [3, 3, 2, 3, 3]
    one.transform(frame)
    one.transform(frame)
    assert Lengths.asked[5:] == [3, 3]


def test_a_text_column_fits_its_own_encoder_on_its_texts_and_the_target():
    given = Lengths()
    made = TextColumn(given)
    assert made.fit_transform(pd.DataFrame({"a": ["xx"]}), [5]).tolist() == [[2, 0]]
    assert made.n_features_out_ == 2
    assert made.encoder_.seen_ == [5]
    assert not hasattr(given, "seen_")
    assert made.fit(pd.DataFrame({"a": ["xx"]}), [6]) is made
    assert made.encoder_.seen_ == [6]
    assert made.column(["subject", "body"]) == "subject"


def test_sparse_features_are_written_out():
    made = Dense().fit(scipy.sparse.csr_matrix(np.eye(2, 3)))
    assert made.n_features_in_ == 3
    assert made.transform(scipy.sparse.csr_matrix(np.eye(2, 3))).tolist() == np.eye(2, 3).tolist()


def test_dates_hours_apart_are_scaled_by_hours():
    days = pd.DataFrame({"d": pd.to_datetime(["2024-05-31 00:00", "2024-05-31 12:00"])})
    assert Dates().fit(days).transform(days)[:, 0] == pytest.approx([-1, 1])
