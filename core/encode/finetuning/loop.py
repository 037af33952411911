"""The training loop of an encoder: gradients of a batch, a step, what happened."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from core.encode.finetuning.trainable_parts import Pair
from core.encode.inference import torch_threads

HEAD_RATE = 1e-3
WARM_UP = 0.1  # share of the steps in which the learning rate rises; then it falls to 0
MOST_NORM = 1.0
PROBE_SECONDS, PROBE_STEPS = 1.0, 3


class Encoding(Protocol):
    """What turns examples into rows, or into one state per token."""

    rate: float
    pairs: list[Pair]
    examples: Sequence[list[int]]

    def rows(self, places: Sequence[int]) -> torch.Tensor: ...

    def states(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]: ...


class Aim(Protocol):
    """Rows, or states and which of them are real, and which examples they are of  →  a loss."""

    needs_states: bool

    def loss(self, rows: Any, places: np.ndarray) -> torch.Tensor: ...

    def parameters(self) -> Iterator[nn.Parameter]: ...


@dataclass(frozen=True)
class Step:
    """One step that was made."""

    number: int
    n_steps: int
    loss: float


class Training:
    """A body on its way towards an aim.

    Parameters
    ----------
    n_steps : int
        Of the whole training: the learning rate rises and falls over them.
    head_rate : float
        Learning rate of what is no part of the pretrained model.

    Attributes
    ----------
    done : int
        Steps that were made.

    References
    ----------
    Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (AdamW), 2019.
    """

    def __init__(self, body: Encoding, aim: Aim, n_steps: int, head_rate: float = HEAD_RATE) -> None:
        self.body, self.aim, self.n_steps, self.done = body, aim, n_steps, 0
        heads = list(aim.parameters())
        self.working: list[torch.Tensor] = [*[pair.working for pair in body.pairs], *heads]
        self.masters = [*[pair.master for pair in body.pairs], *[head.data for head in heads]]
        self.rates = [body.rate, head_rate]
        parts = [self.masters[: len(body.pairs)], self.masters[len(body.pairs) :]]
        self.groups = [{"params": part, "lr": rate} for part, rate in zip(parts, self.rates, strict=True) if part]
        self.optimiser = torch.optim.AdamW(self.groups, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: _share(step, n_steps))

    def steps(self, batches: Sequence[np.ndarray], threads: int) -> Iterator[Step]:
        """Go on from where it stands; stop by leaving the loop."""
        with torch_threads(threads):
            for places in batches[self.done :]:
                given = (self.body.states if self.aim.needs_states else self.body.rows)(places.tolist())
                loss = self.aim.loss(given, places)
                for master, found in zip(self.masters, torch.autograd.grad(loss, self.working), strict=True):
                    master.grad = found.float()
                torch.nn.utils.clip_grad_norm_(self.masters, MOST_NORM)
                self.optimiser.step()
                self.schedule.step()
                self._hand_over()
                self.done += 1
                yield Step(self.done, self.n_steps, loss.item())

    def weights(self) -> list[torch.Tensor]:
        """A copy of all that is trained."""
        return [master.clone() for master in self.masters]

    def put_back(self, weights: list[torch.Tensor]) -> None:
        """Let everything be as it was when these were copied."""
        torch._foreach_copy_(self.masters, weights)
        self._hand_over()

    def state(self) -> dict[str, torch.Tensor]:
        """All that is needed to go on later as if nothing had happened."""
        found = {"done": torch.tensor(self.done)}
        for number, master in enumerate(self.masters):
            found[f"master.{number}"] = master
            found |= {f"{name}.{number}": value for name, value in self.optimiser.state[master].items()}
        return found

    def resume(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from what `state` gave."""
        self.done = int(state["done"])
        self.put_back([state[f"master.{number}"] for number in range(len(self.masters))])
        for number, master in enumerate(self.masters):
            names = ("step", "exp_avg", "exp_avg_sq")
            self.optimiser.state[master] = {name: state[f"{name}.{number}"].clone() for name in names}
        self.schedule.last_epoch = self.done
        for group, full in zip(self.optimiser.param_groups, self.schedule.base_lrs, strict=True):
            group["lr"] = full * _share(self.done, self.n_steps)

    def _hand_over(self) -> None:
        with torch.no_grad():
            torch._foreach_copy_(self.working, self.masters)


def train(body: Encoding, aim: Aim, batches: Sequence[np.ndarray], threads: int) -> Iterator[Step]:
    """Train `body` towards `aim` on all batches; stop by leaving the loop."""
    yield from Training(body, aim, len(batches)).steps(batches, threads)


def step_seconds(body: Encoding, aim: Aim, places: np.ndarray, threads: int) -> float:
    """What a step on these examples takes: the best of a few, two at least, since the first also warms up."""
    found: list[float] = []
    began = time.perf_counter()
    for _step in train(body, aim, [places] * PROBE_STEPS, threads):
        found.append(time.perf_counter() - began - sum(found))
        if len(found) > 1 and sum(found) > PROBE_SECONDS:
            break
    return min(found)


def padded_tokens(body: Encoding, places: np.ndarray) -> int:
    """How many tokens a batch of these examples has with its padding."""
    return max(len(body.examples[place]) for place in places) * len(places)


def _share(step: int, n_steps: int) -> float:
    """Of the full learning rate: up in a line, then down in a line."""
    rising = max(1, round(WARM_UP * n_steps))
    return min((step + 1) / rising, max(0.0, (n_steps - step) / max(1, n_steps - rising)))
