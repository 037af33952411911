"""Numbers as sums of pieces, categories with places for gaps and new values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fuse.columns import Dates
from core.fuse.joint.columns import GAP, UNKNOWN, ColumnArrays, Sizes, pieces


def columns(n: int = 40) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "hours": np.arange(n, dtype=float),
            "city": ["Rome", "Oslo"] * (n // 2),
            "day": pd.date_range("2025-01-01", periods=n),
        }
    )
    frame.loc[3, "hours"], frame.loc[4, "city"], frame.loc[5, "day"] = np.nan, None, pd.NaT
    frame.loc[6, "city"] = "Lima"  # once
    return frame


def fitted() -> ColumnArrays:
    return ColumnArrays(["hours"], ["city"], ["day"]).fit(columns())


def test_a_number_fills_the_bins_below_it():
    edges = np.array([0.0, 1.0, 3.0, 7.0])
    found = pieces(np.array([0.5, 2.0, 6.0, 3.0]), edges)
    expected = [[0.5, 0, 0], [1, 0.5, 0], [1, 1, 0.75], [1, 1, 0]]  # Gorishniy et al. 2022, equation 1
    np.testing.assert_allclose(found, expected)


def test_beyond_the_ends_a_number_goes_on_for_one_bin():
    edges = np.array([0.0, 1.0, 3.0])
    np.testing.assert_allclose(
        pieces(np.array([-0.5, -99.0, 4.0, 99.0]), edges), [[-0.5, 0], [-1, 0], [1, 1.5], [1, 2]]
    )


def test_a_sum_of_pieces_keeps_the_order_of_numbers():
    made = fitted().transform(columns())
    known = np.delete(np.arange(40), 3)
    assert (np.diff(made.numbers[known, 0, :-1].sum(axis=1)) > 0).all()


def test_gaps_and_new_values_have_places_of_their_own():
    made = fitted().transform(columns())
    assert made.numbers[3, 0, -1] == 1
    assert made.numbers[2, 0, -1] == 0
    assert made.categories[4, 0] == GAP
    assert made.categories[6, 0] == UNKNOWN  # seen once: as good as never
    assert made.dates[5, 0, -1] == 1
    new = columns().head(2).assign(city=["Cairo", "Rome"])
    assert fitted().transform(new).categories[:, 0].tolist() == [UNKNOWN, 3]


def test_only_gaps_and_constants_are_fine():
    frame = pd.DataFrame({"empty": [np.nan] * 9, "same": [5.0] * 9})
    made = ColumnArrays(["empty", "same"], [], []).fit(frame).transform(frame)
    assert np.isfinite(made.numbers).all()


@pytest.mark.parametrize(
    ("known", "n_bins"), [(3, 1), (15, 1), (16, 2), (31, 3), (127, 15), (128, 16), (5000, 16)]
)  # fmt: skip
def test_a_bin_for_every_eight_rows_and_at_most_sixteen_of_as_many_rows_each(known, n_bins):
    values = np.random.default_rng(0).permutation(known) ** 2.0
    (edges,) = ColumnArrays(["a"], [], []).fit(pd.DataFrame({"a": [*values, np.nan]})).edges_
    assert edges == pytest.approx(np.quantile(values, np.arange(n_bins + 1) / n_bins))


def test_edges_that_only_rounding_tells_apart_are_one():
    frame = pd.DataFrame(
        {"near": [1e6] * 20 + [1e6 + 1e-4] * 20, "apart": [0.0] * 20 + [1e-8] * 20, "none": [np.nan] * 40}
    )
    made = ColumnArrays(["near", "apart", "none"], [], []).fit(frame)
    assert [edges.tolist() for edges in made.edges_] == [[1e6, 1e6 + 1], [0, 1e-8], [0, 1]]
    assert made.medians_ == pytest.approx([1e6 + 5e-5, 5e-9, 0])
    found = made.transform(frame.iloc[[0, 20]]).numbers
    assert found[:, 1].tolist() == [[0, 0], [1, 0]]
    assert found[:, 2].tolist() == [[0, 1], [0, 1]]


def test_a_missing_number_fills_its_pieces_as_the_median_does_and_short_columns_leave_theirs_empty():
    frame = pd.DataFrame({"long": np.arange(32.0), "short": [0.0] * 16 + [1.0] * 16})
    made = ColumnArrays(["long", "short"], [], []).fit(frame)
    asked = pd.DataFrame({"long": [np.nan, 15.5], "short": [1.0, 0.25]})
    found = made.transform(asked)
    assert found.numbers.shape == (2, 2, 5)  # four bins and the mark of a gap
    assert found.numbers.dtype == np.float32
    assert found.numbers[0, 0].tolist() == [1, 1, 0, 0, 1]
    assert found.numbers[1, 0].tolist() == [1, 1, 0, 0, 0]
    assert found.numbers[:, 1].tolist() == [[1, 1, 0, 0, 0], [0.5, 0, 0, 0, 0]]
    assert found.categories.shape == (2, 0)
    assert found.dates.shape == (2, 0, 9)


def test_sizes_and_places_of_values_and_dates():
    frame = columns()
    made = ColumnArrays(["hours"], ["city"], ["day"]).fit(frame)
    assert made.values_ == [["Oslo", "Rome"]]
    assert made.sizes() == Sizes(1, 5, (4,), 1)  # 39 known numbers: four bins
    assert made.sizes().n_columns == 3
    assert Sizes(2, 9, (3, 3, 3), 4).n_columns == 9
    assert ColumnArrays([], [], []).fit(frame).sizes() == Sizes(0, 1, (), 0)
    arrays = made.transform(frame)
    assert arrays.categories[[0, 1, 4, 6], 0].tolist() == [3, 2, 1, 0]  # Rome, Oslo, none, hardly known
    assert arrays.dates[:, 0] == pytest.approx(Dates().fit_transform(frame[["day"]]), rel=1e-6)
    assert arrays.dates.dtype == np.float32


def test_at_most_a_thousand_values_have_a_place():
    words = [f"v{place:04}" for place in range(1200)]
    made = ColumnArrays([], ["a"], []).fit(pd.DataFrame({"a": words + words + words[200:]}))
    assert made.values_ == [words[200:]]
