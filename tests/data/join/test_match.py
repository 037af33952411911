"""Rows find their keys: as pandas finds them, trimmed, as numbers, in any case; and what did not match is counted."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.join.columns import added
from core.data.join.match import match
from core.job_params import JoinParams
from core.messages import UnusableData

WORDS = st.sampled_from(["Rome", "rome", " Rome", "Oslo", "Oslo ", "Kyiv", "NA", "", "7", "07", "Bern", "東京"])
CELLS = st.lists(st.one_of(st.none(), WORDS), min_size=1, max_size=30)
NUMBERS = st.lists(
    st.one_of(st.none(), st.integers(-3, 8), st.sampled_from([0.5, 2.0, 1e300])), min_size=1, max_size=30
)


def asked(**chosen) -> JoinParams:
    return JoinParams(**{"key": "k", "other_key": "o"} | chosen)


def joined(left: list, right: pa.Table, **chosen) -> pd.DataFrame:
    """The new columns of a table that has a key alone."""
    table, params = pa.table({"k": left}), asked(**chosen)
    found = match(table, right, params)
    new = added(right, found.other, params, ["k"], "second.csv", {})
    places = pa.array(found.codes, pa.int64(), mask=found.codes < 0)
    return new.table.take(places).to_pandas()


def tidied(cells: list) -> list:
    """What a person would compare by hand."""
    words = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
    return [None if word in ("", "NA") else word for word in words]


def by_pandas(left: list, right: list) -> list:
    """The number of the first row with each key, as pandas.merge finds it; pandas lets nothing match nothing."""
    other = pd.DataFrame({"k": right, "row": range(len(right))}).dropna(subset="k").drop_duplicates("k")
    merged = pd.DataFrame({"k": left}).merge(other, on="k", how="left")
    assert len(merged) == len(left)
    return [None if pd.isna(row) else int(row) for row in merged["row"]]


@settings(deadline=None)
@given(CELLS, CELLS)
def test_words_match_as_pandas_merges_them_once_trimmed(left, right):
    other = pa.table({"o": pa.array(right, pa.string()), "row": list(range(len(right)))})
    found = joined(pa.array(left, pa.string()), other, repeats="first")["row"]
    ours = [None if pd.isna(row) else int(row) for row in found]
    assert ours == by_pandas(pd.array(tidied(left), dtype="object"), pd.array(tidied(right), dtype="object"))


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_numbers_match_by_their_value_whatever_their_type(left, right):
    other = pa.table({"o": pa.array(right, pa.float64()), "row": list(range(len(right)))})
    found = joined(pa.array(left, pa.float64()), other, repeats="first")["row"]
    ours = [None if pd.isna(row) else int(row) for row in found]
    assert ours == by_pandas(pd.array(left, dtype="Float64"), pd.array(right, dtype="Float64"))


@settings(deadline=None)
@given(CELLS, st.lists(st.tuples(st.one_of(st.none(), WORDS), st.floats(-9, 9)), min_size=1, max_size=30))
def test_averages_are_those_of_pandas(left, right):
    words, numbers = [word for word, _number in right], [number for _word, number in right]
    other = pa.table({"o": pa.array(words, pa.string()), "x": numbers})
    found = joined(pa.array(left, pa.string()), other, repeats="average")
    grouped = pd.DataFrame({"k": tidied(words), "x": numbers}).groupby("k")["x"].agg(["mean", "size"])
    expected = grouped.reindex(tidied(left))
    np.testing.assert_allclose(found["x"], expected["mean"], atol=1e-12)
    np.testing.assert_array_equal(found["count (second)"].astype(float), expected["size"].astype(float))


@settings(deadline=None)
@given(CELLS, CELLS)
def test_every_row_and_key_is_counted_once(left, right):
    report = match(
        pa.table({"k": pa.array(left, pa.string())}), pa.table({"o": pa.array(right, pa.string())}), asked()
    ).report
    mine, theirs = [one for one in tidied(left) if one], {one for one in tidied(right) if one}
    assert report.n_matched == sum(one in theirs for one in mine)
    assert report.n_without_key == len(left) - len(mine)
    assert report.n_unmatched_keys == len(set(mine) - theirs)
    assert report.n_unused == len(theirs - set(mine))
    assert report.n_other_keys == len(theirs)


def test_a_number_and_a_word_that_is_a_number_are_one_key_but_two_words_are_not():
    other = pa.table({"o": ["007", "8.0", "x"], "v": [1, 2, 3]})
    assert joined([7, 8], other)["v"].tolist() == [1, 2]
    assert joined(["7", "x"], other)["v"].isna().tolist() == [True, False]


def test_large_whole_numbers_are_not_rounded():
    other = pa.table({"o": [2**60 + 1, 2**60], "v": [1, 2]})
    assert joined([2**60, 2**60 + 1], other)["v"].tolist() == [2, 1]


def test_days_match_moments_at_midnight():
    other = pa.table({"o": pa.array([datetime(2024, 5, 1), datetime(2024, 5, 1, 8)], pa.timestamp("us")), "v": [1, 2]})
    left = pa.array([datetime(2024, 5, 1).date()], pa.date32())
    assert joined(left, other)["v"].tolist() == [1]


def test_case_is_ignored_only_if_asked():
    other = pa.table({"o": ["OSLO"], "v": [1]})
    assert joined(["oslo"], other)["v"].isna().all()
    assert joined(["oslo"], other, ignore_case=True)["v"].tolist() == [1]


def test_unmatched_keys_are_named_and_the_first_ten_only():
    left = [f"k{number}" for number in range(30)]
    report = match(pa.table({"k": left}), pa.table({"o": ["k0", "z"]}), asked()).report
    assert (report.n_unmatched_keys, report.unmatched[0], len(report.unmatched), report.n_unused) == (29, "k1", 10, 1)


def test_a_missing_key_column_is_named():
    with pytest.raises(UnusableData, match=r"“town”.*name, people"):
        match(pa.table({"k": ["a"]}), pa.table({"name": ["a"], "people": [1]}), asked(other_key="town"))
    with pytest.raises(UnusableData, match="The table has no column “shop”"):
        match(pa.table({"k": ["a"]}), pa.table({"o": ["a"]}), asked(key="shop"))
