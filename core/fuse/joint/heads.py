"""What decides: classical structure that a gradient can pass through, trained together with the encoder.

A head turns rows (n, width) into scores (n, k); k is 1 for numbers, which are scaled to mean 0 and deviation 1.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

from core.catalog import Task

EPSILON = 0.1  # of a target's deviation: errors within cost nothing
DEPTH = 4
TREES = 8
BALANCE = 0.1  # weight of the penalty for decisions that send all rows one way
SLOPE = 1.0  # of a fresh decision
LEAF = 20.0  # leaves are kept this much smaller than they count, so that a step moves them enough


class Linear(nn.Module):
    """Softmax and cross-entropy; for numbers, squared error."""

    def __init__(self, width: int, n_outputs: int, task: Task) -> None:
        super().__init__()
        self.task = task
        self.layer = nn.Linear(width, n_outputs)
        nn.init.normal_(self.layer.weight, std=0.02)
        nn.init.zeros_(self.layer.bias)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """(n, width)  →  scores (n, k)"""
        return self.layer(rows)

    def losses(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The loss of each row, shape (n,)."""
        if self.task == "regression":
            return (scores[:, 0] - targets) ** 2
        return functional.cross_entropy(scores, targets, reduction="none")

    def penalty(self) -> torch.Tensor | float:
        """What is added to the loss of the batch that went through last."""
        return 0.0

    def log_probabilities(self, scores: torch.Tensor) -> torch.Tensor:
        """(n, k); of classes."""
        return functional.log_softmax(scores, dim=1)


class Svm(Linear):
    """Margins: max(0, 1 + max of the wrong scores − the right score); for numbers, errors beyond `EPSILON`.

    A class's probability is the softmax of the scores over a temperature that is fitted on rows held back.

    References
    ----------
    Crammer and Singer, "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines", JMLR 2001.
    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017 (temperature).
    """

    def losses(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        if self.task == "regression":
            return functional.relu((scores[:, 0] - targets).abs() - EPSILON)
        if scores.shape[1] == 1:
            return scores[:, 0] * 0
        right = scores.gather(1, targets[:, None])[:, 0]
        wrong = scores.scatter(1, targets[:, None], -torch.inf).max(dim=1).values
        return functional.relu(1 + wrong - right)


class Tree(nn.Module):
    """Soft decision trees: each inner node sends a row right with probability σ(w·x + b); every leaf has a
    distribution, or a number. A row's prediction is the mean over leaves by the probability of their paths, then over
    trees.

    Trained by the likelihood of that mixture, which is what predicts. Leaves are numbered from left to right, inner
    nodes level by level: the children of node i are 2i + 1 and 2i + 2.

    References
    ----------
    Frosst and Hinton, "Distilling a Neural Network Into a Soft Decision Tree", 2017 (decisions; the penalty for nodes
    that send all rows one way, which halves at each level). Kontschieder et al., "Deep Neural Decision Forests", ICCV
    2015 (mixture; several trees, each over some of the features).
    """

    def __init__(self, width: int, n_outputs: int, task: Task, n_trees: int = 1, depth: int = DEPTH) -> None:
        super().__init__()
        self.task, self.depth, self.n_trees = task, depth, n_trees
        n_inner, n_leaves = 2**depth - 1, 2**depth
        self.sees: torch.Tensor
        self.weights = nn.Parameter(torch.randn(n_trees, n_inner, width) * SLOPE / math.sqrt(width))
        self.biases = nn.Parameter(torch.zeros(n_trees, n_inner))
        self.leaves = nn.Parameter(torch.randn(n_trees, n_leaves, n_outputs) * 0.5 / LEAF)
        sees = torch.rand(n_trees, 1, width) < 0.5 if n_trees > 1 else torch.ones(1, 1, width, dtype=torch.bool)
        self.register_buffer("sees", sees.float())
        self.decided: torch.Tensor | None = None  # of the last batch

    def decisions(self, rows: torch.Tensor) -> torch.Tensor:
        """Probability of going right at each inner node: (n, width)  →  (n, trees, inner nodes)"""
        return torch.sigmoid(torch.einsum("nw,tiw->nti", rows, self.weights * self.sees) + self.biases)

    def paths(self, decided: torch.Tensor) -> torch.Tensor:
        """Probability of reaching each node, inner ones first, then leaves: (n, trees, 2 · leaves − 1)"""
        levels = [torch.ones_like(decided[:, :, :1])]
        for level in range(self.depth):
            right = decided[:, :, 2**level - 1 : 2 ** (level + 1) - 1]
            both = torch.stack([levels[-1] * (1 - right), levels[-1] * right], dim=3)
            levels.append(both.flatten(2))
        return torch.cat(levels, dim=2)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """(n, width)  →  log probabilities (n, k), or numbers (n, 1)"""
        self.decided = self.decisions(rows)
        leaves = self.paths(self.decided)[:, :, 2**self.depth - 1 :]
        mixed = torch.einsum("ntl,tlk->nk", leaves, self.leaf_outputs()) / self.n_trees
        return mixed if self.task == "regression" else torch.log(mixed.clamp_min(1e-12))

    def leaf_outputs(self) -> torch.Tensor:
        """What each leaf says: distributions (trees, leaves, k), or numbers (trees, leaves, 1)"""
        said = self.leaves * LEAF
        return said if self.task == "regression" else functional.softmax(said, dim=2)

    def losses(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The loss of each row, shape (n,)."""
        if self.task == "regression":
            return (scores[:, 0] - targets) ** 2
        return -scores.gather(1, targets[:, None])[:, 0]

    def penalty(self) -> torch.Tensor | float:
        """−λ Σ 2^−level (½ log α + ½ log(1 − α)), α: the share of the rows at a node that go right; 0 where α is ½."""
        if self.decided is None:
            return 0.0
        reached = self.paths(self.decided)[:, :, : self.decided.shape[2]]
        alpha = (reached * self.decided).sum(dim=0) / reached.sum(dim=0).clamp_min(1e-6)  # (trees, inner nodes)
        alpha = alpha.clamp(1e-4, 1 - 1e-4)
        level = torch.log2(torch.arange(1, alpha.shape[1] + 1).float()).floor()
        uneven = -0.5 * (torch.log(alpha) + torch.log(1 - alpha)) - math.log(2)
        return BALANCE * (uneven * 2.0 ** -(level + 1)).sum(dim=1).mean()

    def log_probabilities(self, scores: torch.Tensor) -> torch.Tensor:
        """(n, k); of classes."""
        return scores


class Forest(Tree):
    """Several trees, each over half of the features."""

    def __init__(self, width: int, n_outputs: int, task: Task) -> None:
        super().__init__(width, n_outputs, task, n_trees=TREES)


HEADS: dict[str, type[nn.Module]] = {"linear": Linear, "svm": Svm, "tree": Tree, "forest": Forest}
