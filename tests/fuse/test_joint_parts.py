"""The parts of a joint network against formulas and hand calculations: encodings, operators, heads."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import torch

from core.fuse.joint import heads
from core.fuse.joint.column_embedder import TOKEN, Tower, tensors
from core.fuse.joint.columns import GAP, UNKNOWN, ColumnArrays, pieces
from core.fuse.joint.operators import OPERATORS, operator


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


def test_every_column_becomes_a_token():
    made = fitted()
    tokens = Tower(made.sizes())(tensors(made.transform(columns())))
    assert tokens.shape == (40, 3, TOKEN)


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


def test_the_hinge_is_crammer_and_singers():
    head = heads.Svm(4, 3, "multiclass")
    scores = torch.tensor([[2.0, 0.5, 1.5], [0.0, 3.0, 1.0], [1.0, 1.0, 0.0]])
    losses = head.losses(scores, torch.tensor([0, 1, 2]))
    assert losses.tolist() == pytest.approx([0.5, 0.0, 2.0])  # 1 + 1.5 − 2; 1 + 1 − 3 < 0; 1 + 1 − 0


def test_small_errors_cost_an_svm_nothing():
    head = heads.Svm(4, 1, "regression")
    losses = head.losses(torch.tensor([[1.05], [1.3], [0.5]]), torch.ones(3))
    assert losses.tolist() == pytest.approx([0.0, 0.2, 0.4], abs=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_probabilities_of_leaves_sum_to_one_at_every_level(depth):
    tree = heads.Tree(6, 3, "multiclass", n_trees=2, depth=depth)
    paths = tree.paths(tree.decisions(torch.randn(9, 6)))
    assert paths.shape == (9, 2, 2 ** (depth + 1) - 1)
    for level in range(depth + 1):
        of_level = paths[:, :, 2**level - 1 : 2 ** (level + 1) - 1].sum(dim=2)
        assert torch.allclose(of_level, torch.ones(9, 2), atol=1e-5)
    assert torch.allclose(tree(torch.randn(9, 6)).exp().sum(dim=1), torch.ones(9), atol=1e-5)


def test_a_tree_of_one_decision_by_hand():
    tree = heads.Tree(2, 2, "binary", depth=1)
    with torch.no_grad():
        tree.weights.copy_(torch.tensor([[[1.0, -2.0]]]))
        tree.biases.fill_(0.5)
        tree.leaves.copy_(torch.log(torch.tensor([[[0.9, 0.1], [0.2, 0.8]]])) / heads.LEAF)
    right = 1 / (1 + math.exp(-(1 * 3 - 2 * 1 + 0.5)))
    expected = [(1 - right) * 0.9 + right * 0.2, (1 - right) * 0.1 + right * 0.8]
    assert tree(torch.tensor([[3.0, 1.0]])).exp()[0].tolist() == pytest.approx(expected, abs=1e-5)
    alpha = right  # one row: the share that goes right
    penalty = heads.BALANCE * 0.5 * (-0.5 * math.log(alpha) - 0.5 * math.log(1 - alpha) - math.log(2))
    assert tree.penalty().item() == pytest.approx(penalty, rel=1e-4)


def test_leaves_hold_numbers_for_a_numeric_target():
    tree = heads.Tree(2, 1, "regression", depth=1)
    with torch.no_grad():
        tree.weights.zero_()
        tree.biases.fill_(0.0)
        tree.leaves.copy_(torch.tensor([[[1.0], [4.0]]]) / heads.LEAF)
    assert tree(torch.randn(3, 2))[:, 0].tolist() == pytest.approx([2.5] * 3)


def test_a_forest_is_the_mean_of_its_trees():
    forest = heads.Forest(6, 3, "multiclass")
    rows = torch.randn(5, 6)
    leaves = forest.paths(forest.decisions(rows))[:, :, 2**forest.depth - 1 :]
    single = torch.einsum("ntl,tlk->ntk", leaves, forest.said())
    assert torch.allclose(forest(rows).exp(), single.mean(dim=1), atol=1e-6)
    assert 0.2 < float(forest.sees.mean()) < 0.8
