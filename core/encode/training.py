"""The training loop of an encoder: gradients of a batch, a step, what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import nn

from core.encode.bodies import Body
from core.encode.running import torch_threads

HEAD_RATE = 1e-3
WARM_UP = 0.1  # share of the steps in which the learning rate rises; then it falls to 0
MOST_NORM = 1.0


class Aim(Protocol):
    """Rows and which examples they are of  →  a loss."""

    def loss(self, rows: torch.Tensor, places: np.ndarray) -> torch.Tensor: ...

    def parameters(self) -> Iterator[nn.Parameter]: ...


@dataclass(frozen=True)
class Step:
    """One step that was made."""

    number: int
    n_steps: int
    loss: float


def train(body: Body, aim: Aim, batches: Sequence[np.ndarray], threads: int) -> Iterator[Step]:
    """Train `body` towards `aim`; stop by leaving the loop.

    References
    ----------
    Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (AdamW), 2019.
    """
    heads = list(aim.parameters())
    working: list[torch.Tensor] = [*[pair.working for pair in body.pairs], *heads]
    masters = [*[pair.master for pair in body.pairs], *[head.data for head in heads]]
    groups = [
        {"params": masters[: len(body.pairs)], "lr": body.rate},
        *([{"params": masters[len(body.pairs) :], "lr": HEAD_RATE}] if heads else []),
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share(step, len(batches)))

    with torch_threads(threads):
        for number, places in enumerate(batches, start=1):
            loss = aim.loss(body.rows(places.tolist()), places)
            for master, found in zip(masters, torch.autograd.grad(loss, working), strict=True):
                master.grad = found.float()
            torch.nn.utils.clip_grad_norm_(masters, MOST_NORM)
            optimiser.step()
            schedule.step()
            with torch.no_grad():
                torch._foreach_copy_(working, masters)
            yield Step(number, len(batches), loss.item())


def _share(step: int, n_steps: int) -> float:
    """Of the full learning rate: up in a line, then down in a line."""
    rising = max(1, round(WARM_UP * n_steps))
    return min((step + 1) / rising, max(0.0, (n_steps - step) / max(1, n_steps - rising)))
