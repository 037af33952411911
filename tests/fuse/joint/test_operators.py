"""Operators that join text and columns: both sides count, padding does not."""

from __future__ import annotations

import pytest
import torch

from core.fuse.joint.column_embedder import TOKEN
from core.fuse.joint.operators import OPERATORS, operator


@pytest.mark.parametrize("name", list(OPERATORS))
def test_an_operator_looks_at_both_sides_and_not_at_padding(name):
    torch.manual_seed(0)
    fuse = operator(name, 24, 3)
    states, tokens = torch.randn(5, 7, 24), torch.randn(5, 3, TOKEN)
    real = torch.ones(5, 7, dtype=torch.bool)
    real[:, 5:] = False

    def rows(states, tokens):
        return fuse((states, real) if fuse.needs_states else states[:, :5].mean(dim=1), tokens)

    before = rows(states, tokens)
    assert before.shape == (5, fuse.width)
    padding = states.clone()
    padding[:, 5:] += 9
    assert torch.allclose(rows(padding, tokens), before, atol=1e-5)
    assert not torch.allclose(rows(states.flip(0), tokens), before)
    assert not torch.allclose(rows(states, tokens.flip(0)), before)


def test_beside_what_columns_read_stands_the_mean_of_the_real_words():
    fuse = operator("cross", 24, 3)
    states = 1e-3 * torch.randn(2, 7, 24)  # so faint that the norm behind it does not hide a wrong scale
    real = torch.arange(7) < torch.tensor([[5], [2]])
    rows = fuse((states, real), torch.randn(2, 3, TOKEN))
    means = torch.stack([states[0, :5].mean(dim=0), states[1, :2].mean(dim=0)])
    assert torch.allclose(rows[:, :24], fuse.text(means), rtol=1e-3, atol=0)


def test_a_shut_gate_lets_only_columns_through():
    fuse = operator("gated", 24, 3)
    with torch.no_grad():
        fuse.gate.weight.zero_()
        fuse.gate.bias.fill_(-50)
    tokens = torch.randn(5, 3, TOKEN)
    assert torch.allclose(fuse(torch.randn(5, 24), tokens), fuse(torch.randn(5, 24), tokens))


def test_where_one_side_is_missing_the_other_alone_is_read():
    texts, tokens = torch.randn(5, 24), torch.randn(5, 3, TOKEN)
    columns, text = operator("gated", 0, 3), operator("gated", 24, 0)
    assert columns(texts[:, :0], tokens).shape == (5, columns.width)
    assert torch.equal(columns(texts[:, :0], tokens), columns(texts, tokens))
    assert text(texts, tokens[:, :0]).shape == (5, text.width) == (5, 24)
