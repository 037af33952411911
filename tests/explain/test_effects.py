"""Partial dependence of a known function is that function; cells come from the column itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.explain import effects


def test_the_line_of_a_sum_is_straight_and_all_lines_are_parallel():
    rows = pd.DataFrame({"a": np.arange(40.0), "b": np.linspace(-1, 1, 40)}, index=range(100, 140))
    cells = effects.places(rows["a"], ordered=True)
    found = effects.effect(lambda table: (2 * table["a"] + table["b"]).to_numpy()[:, None], rows, "a", cells)
    assert found.shape == (40, len(cells), 1)
    assert found.mean(axis=0)[:, 0] == pytest.approx(2 * cells.to_numpy())  # b is 0 on average
    assert np.diff(found[:, :, 0], axis=1) == pytest.approx(np.tile(2 * np.diff(cells), (40, 1)))
    words = pd.DataFrame({"number": cells.to_numpy(), "word": ""})
    lines = effects.lines(found, "a", list(rows.index), words, [])
    mean = lines[lines["row"] == effects.MEAN]
    assert mean["value"].to_numpy() == pytest.approx(2 * mean["number"].to_numpy())
    assert set(lines["row"]) == {effects.MEAN, *range(100, 100 + effects.EFFECT_LINES)}


def test_places_are_quantiles_of_numbers_and_the_most_frequent_categories():
    numbers = pd.Series([*np.arange(1000.0), np.nan])
    found = effects.places(numbers, ordered=True)
    assert len(found) == effects.EFFECT_PLACES
    assert (found.iloc[0], found.iloc[-1]) == (0, 999)
    assert found.is_monotonic_increasing
    assert list(effects.places(pd.Series(["b", "a", "b", None]), ordered=False)) == ["b", "a"]
    assert effects.places(pd.Series([np.nan, np.nan]), ordered=True).empty
