"""Heads against formulas: the hinge, soft trees, forests."""

from __future__ import annotations

import math

import numpy as np
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


def by_walking(tree: heads.Tree, rows: np.ndarray) -> tuple[np.ndarray, float]:
    """A tree's mixture and its penalty, walked from node to node: the children of i are 2i + 1 and 2i + 2."""
    weights, biases, sees = (part.detach().numpy() for part in (tree.weights, tree.biases, tree.sees))
    leaves = np.exp(tree.leaves.detach().numpy() * heads.LEAF)
    leaves /= leaves.sum(axis=2, keepdims=True)
    n_inner, mixture, penalty = weights.shape[1], np.zeros((len(rows), leaves.shape[2])), 0.0
    for one in range(len(weights)):
        at = np.zeros((len(rows), 2 * n_inner + 1))
        at[:, 0] = 1
        for node in range(n_inner):
            right = 1 / (1 + np.exp(-(rows * sees[one, 0]) @ weights[one, node] - biases[one, node]))
            at[:, 2 * node + 1], at[:, 2 * node + 2] = at[:, node] * (1 - right), at[:, node] * right
            share = (at[:, node] * right).sum() / at[:, node].sum()
            level = int(math.log2(node + 1))
            penalty += 0.5 ** (level + 1) * (-0.5 * math.log(share) - 0.5 * math.log(1 - share) - math.log(2))
        mixture += at[:, n_inner:] @ leaves[one]
    return mixture / len(weights), heads.BALANCE * penalty / len(weights)


@pytest.mark.parametrize("n_trees", [1, 3])
def test_deep_trees_and_their_penalty_against_a_walk(n_trees):
    torch.manual_seed(0)
    tree = heads.Tree(6, 3, "multiclass", n_trees=n_trees, depth=3)
    with torch.no_grad():
        tree.biases.normal_()
    rows = torch.randn(9, 6)
    mixture, penalty = by_walking(tree, rows.numpy())
    assert tree.penalty() == 0  # no rows went through yet
    assert tree(rows).exp().detach().numpy() == pytest.approx(mixture, abs=1e-5)
    assert tree.penalty().item() == pytest.approx(penalty, rel=1e-3)
    assert torch.equal(tree.log_probabilities(tree(rows)), tree(rows))


def test_a_single_tree_sees_everything_and_each_of_a_forest_about_half():
    torch.manual_seed(0)
    assert heads.Tree(7, 2, "binary").sees.tolist() == [[[1.0] * 7]]
    forest = heads.Forest(400, 2, "binary")
    assert forest.sees.shape == (heads.TREES, 1, 400)
    assert set(forest.sees.unique().tolist()) == {0, 1}
    assert forest.sees.mean(dim=2).numpy() == pytest.approx(0.5, abs=0.1)
    assert (forest.sees[0] != forest.sees[1]).any()


def test_a_fresh_decision_of_usual_rows_is_one_deviation_wide_and_leaves_are_nearly_alike():
    torch.manual_seed(0)
    tree = heads.Tree(400, 3, "multiclass", n_trees=1, depth=8)
    assert tree.weights.shape == (1, 255, 400)
    assert torch.einsum("nw,tiw->nti", torch.randn(50, 400), tree.weights).std().item() == pytest.approx(1, abs=0.05)
    assert tree.biases.abs().max() == 0
    assert tree.leaves.shape == (1, 256, 3)
    assert (tree.leaves * heads.LEAF).std().item() == pytest.approx(0.5, abs=0.05)


def test_leaves_of_numbers_are_numbers_and_of_classes_distributions():
    assert heads.Tree(2, 1, "regression", depth=1).leaf_outputs().abs().max() < 5
    numbers = heads.Tree(2, 1, "regression", depth=1)
    assert torch.equal(numbers.leaf_outputs(), numbers.leaves * heads.LEAF)
    assert torch.allclose(heads.Tree(2, 3, "multiclass").leaf_outputs().sum(dim=2), torch.ones(1, 16))


def test_what_no_leaf_gives_has_a_finite_loss_and_a_node_of_one_way_a_finite_penalty():
    tree = heads.Tree(1, 2, "binary", depth=1)
    with torch.no_grad():
        tree.weights.zero_()
        tree.biases.fill_(200.0)
        tree.leaves.copy_(torch.tensor([[[0.0, 9.0], [9.0, 0.0]]]))
    scores = tree(torch.zeros(1, 1))
    assert tree.losses(scores, torch.tensor([1])).item() == pytest.approx(-math.log(1e-12), rel=1e-4)
    sure = -0.5 * math.log(1e-4) - 0.5 * math.log(1 - 1e-4) - math.log(2)
    assert tree.penalty().item() == pytest.approx(heads.BALANCE * 0.5 * sure, rel=1e-2)


def test_a_linear_head_starts_small_and_adds_no_penalty():
    torch.manual_seed(0)
    head = heads.Linear(5000, 2, "binary")
    assert head.layer.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert head.layer.bias.tolist() == [0, 0]
    assert head.penalty() == 0
    with torch.no_grad():
        head.layer.bias.copy_(torch.tensor([0.0, math.log(3)]))
    scores = head(torch.zeros(1, 5000))
    assert head.log_probabilities(scores).exp().tolist()[0] == pytest.approx([0.25, 0.75])


def test_the_hinge_of_a_single_class_is_nothing():
    assert heads.Svm(4, 1, "multiclass").losses(torch.tensor([[3.0], [-2.0]]), torch.tensor([0, 0])).tolist() == [0, 0]
