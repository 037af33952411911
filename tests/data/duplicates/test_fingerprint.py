"""Fingerprints of cells: equal for the same values in the same order, another one for anything else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.duplicates import fingerprint

WORDS = pd.Series(["a", None, "bc", "None", ""], dtype=object)


@pytest.mark.parametrize(
    "other",
    [
        ["a", "bc", None, "None", ""],  # another order
        ["a", "None", "bc", "None", ""],  # a missing cell is not the word for it
        ["a", None, "b", "cNone", ""],  # nor do cells run together
        ["a", None, "bc", "None", None],
        ["a", None, "bc", "None"],
    ],
)
def test_cells_that_differ_have_another_fingerprint(other):
    assert fingerprint.of_column(WORDS) == fingerprint.of_column(WORDS.copy().set_axis(range(5, 10)))
    assert fingerprint.of_column(WORDS) != fingerprint.of_column(pd.Series(other, dtype=object))


def test_numbers_and_their_digits_differ_and_so_do_types():
    kinds = [[1, 2], [1.0, 2.0], ["1", "2"], [True, False], [1, "2"]]
    columns = [pd.Series(kind, dtype=None if len(set(map(type, kind))) == 1 else object) for kind in kinds]
    columns += [columns[2].astype("category"), columns[2].astype(object), pd.to_datetime(pd.Series(["2025", "2026"]))]
    assert len({fingerprint.of_column(column) for column in columns}) == len(columns)


def test_a_missing_number_is_one_whatever_its_bits():
    odd = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)
    assert fingerprint.of_column(np.array([1.0, np.nan])) == fingerprint.of_column(np.array([1.0, odd[0]]))
    assert fingerprint.of_column(np.array([1.0, np.nan])) != fingerprint.of_column(np.array([np.nan, 1.0]))


def test_parts_of_a_long_column_add_up_in_order(monkeypatch):
    column = pd.Series(np.arange(10).astype(str), dtype=object)
    swapped = pd.concat([column[5:], column[:5]])
    monkeypatch.setattr(fingerprint, "ROWS_AT_ONCE", 5)
    assert fingerprint.of_column(column) != fingerprint.of_column(swapped)


def test_an_array_of_another_shape_is_another_one():
    flat = np.arange(6)
    assert fingerprint.of_array(flat) != fingerprint.of_array(flat.reshape(2, 3))
    assert fingerprint.of_array(flat) != fingerprint.of_array(flat.astype(np.int32))
    assert fingerprint.of_array(flat) == fingerprint.of_array(flat.copy())
