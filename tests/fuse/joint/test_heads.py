"""Heads against formulas: the hinge, soft trees, forests."""

from __future__ import annotations

import math

import pytest
import torch

from core.fuse.joint import heads


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
    single = torch.einsum("ntl,tlk->ntk", leaves, forest.leaf_outputs())
    assert torch.allclose(forest(rows).exp(), single.mean(dim=1), atol=1e-6)
    assert 0.2 < float(forest.sees.mean()) < 0.8


def test_losses_of_linear_heads_and_of_trees_by_hand():
    numbers, targets = torch.tensor([[1.0], [4.0]]), torch.tensor([3.0, 3.5])
    said, classes = torch.log(torch.tensor([[0.2, 0.8], [0.5, 0.5]])), torch.tensor([1, 0])
    for made in (heads.Linear, heads.Tree):
        assert made(4, 1, "regression").losses(numbers, targets).tolist() == pytest.approx([4.0, 0.25])
        of_classes = made(4, 2, "binary").losses(said, classes).tolist()
        assert of_classes == pytest.approx([-math.log(0.8), math.log(2)], abs=1e-6)


def test_the_penalty_of_a_node_is_of_the_share_of_all_rows_that_go_right():
    tree = heads.Tree(1, 2, "binary", depth=1)
    with torch.no_grad():
        tree.weights.fill_(1.0)
        tree.biases.fill_(0.0)
    odds = [math.log(3), math.log(3), -math.log(9)]  # right with probability .75, .75 and .1
    tree(torch.tensor(odds)[:, None])
    alpha = 1.6 / 3
    expected = heads.BALANCE * 0.5 * (-0.5 * math.log(alpha) - 0.5 * math.log(1 - alpha) - math.log(2))
    assert tree.penalty().item() == pytest.approx(expected, rel=1e-3)
