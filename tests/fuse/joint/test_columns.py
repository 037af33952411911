"""Numbers as sums of pieces, categories with places for gaps and new values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.fuse.joint.columns import GAP, UNKNOWN, ColumnArrays, pieces


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
