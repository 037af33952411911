"""Every column becomes a token."""

from __future__ import annotations

import pytest
import torch

from core.fuse.joint.column_embedder import TOKEN, Tower, tensors
from core.fuse.joint.columns import DATE_NUMBERS, ColumnArrays, Sizes
from tests.fuse.joint.test_columns import columns


def fitted() -> ColumnArrays:
    return ColumnArrays(["hours"], ["city"], ["day"]).fit(columns())


def test_every_column_becomes_a_token():
    made = fitted()
    tokens = Tower(made.sizes())(tensors(made.transform(columns())))
    assert tokens.shape == (40, 3, TOKEN)


@pytest.mark.parametrize("n_pieces", [4, 100])
def test_a_number_in_its_highest_bin_begins_as_large_whatever_the_number_of_bins(n_pieces):
    torch.manual_seed(0)
    tower = Tower(Sizes(n_numbers=50, n_pieces=n_pieces, n_values=(), n_dates=0))
    rows = torch.ones(1, 50, n_pieces), torch.zeros(1, 0, dtype=torch.long), torch.zeros(1, 0, DATE_NUMBERS)
    assert tower(rows).std().item() == pytest.approx(1.0, rel=0.1)
