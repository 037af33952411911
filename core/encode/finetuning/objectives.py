"""What an encoder is trained towards: classes, a number, or likeness of rows of one class."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.encode.finetuning.effort import BATCH

POOL_BATCHES = 24  # rows of so many batches are sorted by length together
PAIR_CLASSES = 8  # in a batch, at most
PAIR_STEPS = (30, 300)


class Classes(nn.Module):
    """A linear layer and cross-entropy."""

    needs_states = False

    def __init__(self, width: int, y: np.ndarray, seed: int) -> None:
        super().__init__()
        self.head = linear(width, int(y.max()) + 1, seed)
        self.targets = torch.as_tensor(y, dtype=torch.long)

    def loss(self, rows: torch.Tensor, places: np.ndarray) -> torch.Tensor:
        """rows (batch, width) of the examples at `places`  →  mean loss"""
        return functional.cross_entropy(self.head(rows), self.targets[places])

    def batches(self, lengths: np.ndarray, epochs: int, seed: int) -> list[np.ndarray]:
        """Places of the examples of each step."""
        return mixed(lengths, epochs, seed)


class Number(Classes):
    """A linear layer and squared error, of a target with mean 0 and deviation 1."""

    def __init__(self, width: int, y: np.ndarray, seed: int) -> None:
        nn.Module.__init__(self)
        self.head = linear(width, 1, seed)
        values = (y - y.mean()) / (y.std() or 1.0)
        self.targets = torch.as_tensor(values, dtype=torch.float32)

    def loss(self, rows: torch.Tensor, places: np.ndarray) -> torch.Tensor:
        return functional.mse_loss(self.head(rows)[:, 0], self.targets[places])


class Likeness(nn.Module):
    """Cosine similarity of pairs: 1 within a class, 0 across; all pairs in a batch, both kinds weighing alike.

    It needs few labels, since n labels give about n² / 2 pairs (Tunstall et al., "Efficient Few-Shot Learning Without
    Prompts" (SetFit), 2022).
    """

    needs_states = False

    def __init__(self, y: np.ndarray) -> None:
        super().__init__()
        self.targets = torch.as_tensor(y, dtype=torch.long)

    def loss(self, rows: torch.Tensor, places: np.ndarray) -> torch.Tensor:
        unit = functional.normalize(rows, dim=1)
        labels = self.targets[places]
        same = labels[:, None] == labels  # (batch, batch)
        pairs = torch.ones_like(same).triu(1)
        errors = (unit @ unit.T - same.float()) ** 2
        kinds = [errors[pairs & kind] for kind in (same, ~same) if (pairs & kind).any()]
        return torch.stack([kind.mean() for kind in kinds]).mean() if kinds else rows.sum() * 0

    def batches(self, lengths: np.ndarray, epochs: int, seed: int) -> list[np.ndarray]:
        """As many texts of each class as of the next."""
        chance = np.random.default_rng(seed)
        classes = [_forever(np.flatnonzero(self.targets.numpy() == code), chance) for code in np.unique(self.targets)]
        n_steps = int(np.clip(math.ceil(epochs * len(lengths) / (2 * BATCH)), *PAIR_STEPS))
        found = []
        for _step in range(n_steps):
            chosen = chance.permutation(len(classes))[:PAIR_CLASSES]
            each = 2 * BATCH // len(chosen)
            found.append(np.array([next(classes[code]) for code in chosen for _one in range(each)]))
        return found


def mixed(lengths: np.ndarray, epochs: int, seed: int) -> list[np.ndarray]:
    """Batches of like length, in any order: little padding, and yet no order by length."""
    chance = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    for _epoch in range(epochs):
        order = chance.permutation(len(lengths))
        for start in range(0, len(order), BATCH * POOL_BATCHES):
            pool = order[start : start + BATCH * POOL_BATCHES]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            batches = [pool[first : first + BATCH] for first in range(0, len(pool), BATCH)]
            found += [batches[place] for place in chance.permutation(len(batches))]
    return found


def linear(width: int, n_outputs: int, seed: int) -> nn.Linear:
    """A layer that starts small, from a chance of its own."""
    layer = nn.utils.skip_init(nn.Linear, width, n_outputs)
    with torch.no_grad():
        start = np.random.default_rng(seed).normal(0, 0.02, (n_outputs, width))
        layer.weight.copy_(torch.as_tensor(start, dtype=torch.float32))
        layer.bias.zero_()
    return layer


def _forever(places: np.ndarray, chance: np.random.Generator) -> Iterator[int]:
    while True:
        yield from chance.permutation(places)
