"""Every column becomes a token."""

from __future__ import annotations

from core.fuse.joint.column_embedder import TOKEN, Tower, tensors
from core.fuse.joint.columns import ColumnArrays
from tests.fuse.joint.test_columns import columns


def fitted() -> ColumnArrays:
    return ColumnArrays(["hours"], ["city"], ["day"]).fit(columns())


def test_every_column_becomes_a_token():
    made = fitted()
    tokens = Tower(made.sizes())(tensors(made.transform(columns())))
    assert tokens.shape == (40, 3, TOKEN)
