"""Partial dependence of a known function is that function; cells come from the column itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.explain.global_ import partial_dependence


def test_the_line_of_a_sum_is_straight_and_all_lines_are_parallel():
    rows = pd.DataFrame({"a": np.arange(40.0), "b": np.linspace(-1, 1, 40)}, index=range(100, 140))
    cells = partial_dependence.places(rows["a"], ordered=True)
    found = partial_dependence.effect(lambda table: (2 * table["a"] + table["b"]).to_numpy()[:, None], rows, "a", cells)
    assert found.shape == (40, len(cells), 1)
    assert found.mean(axis=0)[:, 0] == pytest.approx(2 * cells.to_numpy())  # b is 0 on average
    assert np.diff(found[:, :, 0], axis=1) == pytest.approx(np.tile(2 * np.diff(cells), (40, 1)))
    words = pd.DataFrame({"number": cells.to_numpy(), "word": ""})
    lines = partial_dependence.lines(found, "a", list(rows.index), words, [])
    mean = lines[lines["row"] == partial_dependence.MEAN]
    assert mean["value"].to_numpy() == pytest.approx(2 * mean["number"].to_numpy())
    assert set(lines["row"]) == {partial_dependence.MEAN, *range(100, 100 + partial_dependence.EFFECT_LINES)}


def test_places_are_quantiles_of_numbers_and_the_most_frequent_categories():
    numbers = pd.Series([*np.arange(1000.0), np.nan])
    found = partial_dependence.places(numbers, ordered=True)
    assert len(found) == partial_dependence.EFFECT_PLACES
    assert (found.iloc[0], found.iloc[-1]) == (0, 999)
    assert found.is_monotonic_increasing
    assert list(partial_dependence.places(pd.Series(["b", "a", "b", None]), ordered=False)) == ["b", "a"]
    assert partial_dependence.places(pd.Series([np.nan, np.nan]), ordered=True).empty


def test_lines_hold_the_mean_first_and_then_each_row_for_every_class():
    found = np.arange(8.0).reshape(2, 2, 2)  # two rows, two cells, two classes
    cells = pd.DataFrame({"number": [1.5, np.nan], "word": ["", "b"]})
    lines = partial_dependence.lines(found, "a", [7, 9], cells, ["no", "yes"])
    assert lines["row"].tolist() == [-1] * 4 + [7] * 4 + [9] * 4
    assert lines["place"].tolist() == [0, 0, 1, 1] * 3
    assert lines["label"].tolist() == ["no", "yes"] * 6
    assert lines["value"].tolist() == [2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 6, 7]
    assert lines["word"].tolist() == ["", "", "b", "b"] * 3
    assert set(lines["column"]) == {"a"}
    assert set(partial_dependence.lines(found[:, :, :1], "a", [7, 9], cells, [])["label"]) == {""}


def test_cells_are_spread_by_rank_and_none_stands_twice():
    found = partial_dependence.places(pd.Series([3.0, 1.0, 1.0, np.nan, 2.0]), ordered=True)
    assert found.tolist() == [1, 2, 3]
    thirty = partial_dependence.places(pd.Series(np.arange(29.0) ** 2), ordered=True)
    assert thirty.tolist() == [float(rank) ** 2 for rank in range(0, 29, 2)]
    many = pd.Series([letter for n, letter in enumerate("abcdefghijklmnopq", start=1) for _time in range(n)])
    assert partial_dependence.places(many, ordered=False).tolist() == list("qponmlkjihgfedc")
