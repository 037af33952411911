"""Tower, operator and head as one network, and what it is trained towards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.catalog import Task
from core.encode.finetuning.trainable_parts import Weights
from core.fuse.joint.column_embedder import Columns, Tower, some
from core.fuse.joint.columns import Sizes
from core.fuse.joint.heads import HEADS
from core.fuse.joint.operators import Text, operator


class Network(nn.Module):
    """Everything but the encoder; it starts from a chance of its own.

    Parameters
    ----------
    text_width : int
        0 without texts.
    n_outputs : int
        Classes; 1 for numbers.
    """

    def __init__(
        self, sizes: Sizes, text_width: int, n_outputs: int, task: Task, *, fusion: str, head: str, seed: int
    ) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.tower = Tower(sizes)
            self.operator: Any = operator(fusion, text_width, sizes.n_columns)
            self.head: Any = HEADS[head](self.operator.width, n_outputs, task)

    @property
    def needs_states(self) -> bool:
        """Whether it reads a state per token, not a row per text."""
        return bool(self.operator.needs_states)

    def rows(self, text: Text, columns: Columns) -> torch.Tensor:
        """What the head sees: (n, width)."""
        return self.operator(text, self.tower(columns))

    def forward(self, text: Text, columns: Columns) -> torch.Tensor:
        """Unit rows, or states and which of them are real; columns of the same n rows  →  scores (n, k)"""
        return self.head(self.rows(text, columns))

    def penalty(self) -> torch.Tensor:
        """What the head adds to the loss of the batch that went through last."""
        return self.head.penalty()

    def losses(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The head's loss of each row, shape (n,)."""
        return self.head.losses(scores, targets)

    def trained(self) -> Iterator[nn.Parameter]:
        """The parameters that take part; a tower without columns has empty ones."""
        has_columns = self.tower.sizes.n_columns > 0
        for name, parameter in self.named_parameters():
            if parameter.numel() and (has_columns or not name.startswith("tower.")):
                yield parameter

    def weights(self) -> Weights:
        """All of its numbers, by name."""
        return {name: values.detach().numpy().copy() for name, values in self.state_dict().items()}

    def take(self, weights: Weights) -> Network:
        """Go on with these numbers."""
        self.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in weights.items()})
        return self


class Decision:
    """The loss of a network's decisions: the head's, each row weighing as much as is said, and the head's penalty.

    targets, weights: shape (n,), of the examples that texts and columns belong to.
    """

    def __init__(self, network: Network, columns: Columns, targets: torch.Tensor, weights: torch.Tensor) -> None:
        self.network, self.columns, self.targets, self.weights = network, columns, targets, weights
        self.needs_states = network.needs_states

    def parameters(self) -> Iterator[nn.Parameter]:
        return self.network.trained()

    def loss(self, given: Text, places: np.ndarray) -> torch.Tensor:
        return self.plain(given, places) + self.network.penalty()

    def plain(self, given: Text, places: np.ndarray) -> torch.Tensor:
        """The loss without the penalty: what rows held back are judged by."""
        text = given if isinstance(given, tuple) else functional.normalize(given, dim=1)
        scores = self.network(text, some(self.columns, places))
        chosen = torch.as_tensor(places, dtype=torch.long)
        return (self.weights[chosen] * self.network.losses(scores, self.targets[chosen])).mean()


class NoTexts:
    """Stands for the encoder where there is nothing to read."""

    rate = 0.0

    def __init__(self, n_rows: int) -> None:
        self.pairs: list[Any] = []
        self.examples: Sequence[list[int]] = [[0]] * n_rows

    def rows(self, places: Sequence[int]) -> torch.Tensor:
        return torch.zeros(len(places), 1)

    def states(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(len(places), 1, 1), torch.ones(len(places), 1, dtype=torch.bool)
