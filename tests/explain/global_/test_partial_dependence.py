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
