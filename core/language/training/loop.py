"""The training loop of a language model trained from scratch: steps, looks at validation text, checkpoints.

Documents are shuffled anew for each pass over the text, joined by ``<s>`` and cut into rows of `context` tokens. A
batch is a function of the seed and the step's number, and so is what dropout falls on, so a training that is resumed
goes on as if it had never stopped.

References
----------
Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019 (AdamW).
Loshchilov and Hutter, "SGDR", ICLR 2017 (the cosine), with a warm-up as in Vaswani et al. 2017.
Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML 2013 (clipping).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from core.catalog.language_models import Architecture
from core.files import written_whole
from core.language.model import Neural
from core.language.networks.build import build
from core.language.tokens import Tokens
from core.language.training.validation import held_out, validation_loss, validation_part

WARM_UP = 0.05  # share of the steps in which the learning rate rises
LOWEST = 0.02  # share of the highest learning rate at the end
BETAS = (0.9, 0.98)
CLIPPED = 1.0
PROBE_STEPS = 8  # on a copy, after which the time budget is a number of steps
FULL_DROPOUT_PASSES = 8  # over the text, from which on the whole dropout of a preset is used
LOOKS = 24  # at validation text, over the whole training
PATIENCE = 8  # looks without a better one, then it stops
NATS_TO_BITS = 1 / math.log(2)


@dataclass(frozen=True)
class Step:
    """One step that was made."""

    number: int
    loss_nats: float  # mean per token of the batch
    learning_rate: float
    tokens: int  # read so far
    seconds: float  # of training so far, looks and pauses left out


@dataclass(frozen=True)
class Validated:
    """A look at validation documents."""

    step: int
    seconds: float
    loss_nats: float  # mean per token, document ends among them
    bits_per_byte: float
    best: bool


class Batches:
    """Rows of tokens to train on.

    Parameters
    ----------
    documents : list of int arrays
        Token ids without ``<s>``.
    begin : int
        The token between documents.
    """

    def __init__(self, documents: Sequence[np.ndarray], begin: int, context: int, batch: int, seed: int) -> None:
        self.documents, self.begin, self.context, self.batch, self.seed = documents, begin, context, batch, seed
        total = sum(len(one) + 1 for one in documents)
        self.context = min(context, max(2, total - 2))
        self.per_pass = max(1, (total - 1) // (self.context * batch))  # steps
        self._pass, self._stream = -1, np.empty(0, dtype=np.int64)

    def at(self, step: int) -> Tensor:
        """The batch of a step, counted from 0.  →  int64 (batch, context + 1): the last column is only predicted"""
        number, place = divmod(step, self.per_pass)
        if number != self._pass:
            self._pass, self._stream = number, self._shuffled(number)
        starts = (place * self.batch + np.arange(self.batch)) * self.context
        rows = (starts[:, None] + np.arange(self.context + 1)) % len(self._stream)
        return torch.from_numpy(self._stream[rows])

    def _shuffled(self, number: int) -> np.ndarray:
        order = np.random.default_rng([self.seed, number]).permutation(len(self.documents))
        parts = [part for place in order for part in ([self.begin], self.documents[place])]
        shift = int(np.random.default_rng([self.seed, number, 1]).integers(self.context))
        return np.roll(np.concatenate(parts).astype(np.int64), shift)


@dataclass
class Progress:
    """Where a training stands: all of it that is not weights."""

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0
    n_steps: int = 0  # of the whole training; 0: not known yet
    best_bits: float = math.inf
    best_step: int = 0
    worse: int = 0  # looks since the best
    looked: int = 0  # the step of the last look
    stopped: bool = False  # early
    done: bool = False


class Training:
    """A network on its way.

    Parameters
    ----------
    documents, validation : list of str
    steps : int, optional
        How many; else as many as fit into `seconds`, at the pace of a few on a copy.
    seconds : float
        The time budget, of this model's steps alone.

    Attributes
    ----------
    model : Neural
        As it is now; `best` are the weights that were best on validation text.
    """

    def __init__(
        self,
        architecture: Architecture,
        tokens: Tokens,
        documents: Sequence[str],
        validation: Sequence[str],
        *,
        seconds: float,
        steps: int | None = None,
        seed: int = 0,
        learning_rate: float | None = None,
        bfloat16: bool = False,
    ) -> None:
        torch.manual_seed(seed)
        self.architecture, self.tokens, self.seed, self.budget = architecture, tokens, seed, seconds
        self.network: nn.Module = build(architecture, tokens.size)
        self.rate = learning_rate or architecture.learning_rate
        self.bfloat16 = bfloat16
        self.batches = Batches(
            tokens.encode_all(documents), tokens.begin, architecture.context, architecture.batch, seed
        )
        self.validation = held_out(tokens, validation_part(tokens, validation))
        self.optimiser = torch.optim.AdamW(groups(self.network, architecture.weight_decay), lr=self.rate, betas=BETAS)
        self.progress = Progress(n_steps=steps or 0)
        self.best: dict[str, Tensor] = {}
        self._through = self.network  # what a step's batch goes through

    @property
    def model(self) -> Neural:
        """The network as a language model; training goes on with `run`."""
        return Neural(self.network, self.tokens, self.architecture.context)

    def run(self) -> Iterator[Step | Validated]:
        """Train until the steps are made or no look gets better; leaving early keeps what was learned."""
        now = self.progress
        if not now.done:
            self.begin()
        while not now.done:
            if not self._look_due():
                yield self.step()
            if self._look_due():  # also first thing after a resume, where it was stopped just before a look
                look = self._look()
                now.looked, now.stopped = now.step, now.worse >= PATIENCE
                now.done = now.stopped or now.step >= now.n_steps
                yield look

    def begin(self) -> None:
        """Find out how many steps there are to make, and how much dropout suits them."""
        now = self.progress
        if now.n_steps == 0:
            now.n_steps = self._affordable()
        self._drop()

    def keep_best(self) -> None:
        """Go back to the weights that were best on validation text."""
        if self.best:
            self.network.load_state_dict(self.best)

    def save(self, folder: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        state = self.optimiser.state_dict()
        tensors = {f"now.{name}": value for name, value in _own(self.network).items()}
        tensors |= {f"best.{name}": value for name, value in self.best.items() if f"now.{name}" in tensors}
        tensors |= {
            f"adam.{number}.{name}": value
            for number, one in state["state"].items()
            for name, value in one.items()
            if isinstance(value, Tensor)
        }
        copies = {name: value.detach().clone().contiguous() for name, value in tensors.items()}
        with written_whole(folder / "checkpoint.safetensors") as place:
            save_file(copies, place, {"progress": json.dumps(asdict(self.progress))})

    def resume(self, folder: Path) -> bool:
        """Go on from a checkpoint, if there is one.  →  whether there was"""
        path = folder / "checkpoint.safetensors"
        if not path.is_file():
            return False
        tensors = load_file(path)
        self.progress = _progress(path)
        self.network.load_state_dict(_part(tensors, "now."), strict=False)
        self.best = _whole(self.network, _part(tensors, "best."))
        state = self.optimiser.state_dict()
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in _part(tensors, "adam.").items():
            number, _dot, what = name.partition(".")
            moments.setdefault(int(number), {})[what] = value
        self.optimiser.load_state_dict({"state": moments, "param_groups": state["param_groups"]})
        return True

    def _look_due(self) -> bool:
        now = self.progress
        due = now.step % max(1, now.n_steps // LOOKS) == 0 or now.step >= now.n_steps
        return now.n_steps > 0 and now.step > now.looked and due

    def step(self) -> Step:
        """One step of training, and the clock."""
        now = self.progress
        began = time.monotonic()
        torch.manual_seed(self._seed_of(now.step))  # dropout falls the same way after a resume
        rate = self.rate * scheduled(now.step + 1, now.n_steps)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.network.train()
        loss = self.loss(self._rows(now.step), self._through)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIPPED)
        self.optimiser.step()
        nats = self._mean(loss)
        taken = time.monotonic() - began
        now.step += 1
        now.seconds += taken
        now.tokens += self.batches.batch * self.batches.context
        return Step(now.step, nats, rate, now.tokens, now.seconds)

    def loss(self, rows: Tensor, network: nn.Module | None = None) -> Tensor:
        """Cross-entropy of the next token, nats per token.  rows: int64 (B, L + 1)"""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            logits = (network or self.network)(rows[:, :-1])
        wide = logits.float() if logits.dtype == torch.bfloat16 else logits
        return functional.cross_entropy(wide.flatten(0, 1), rows[:, 1:].flatten())

    def _affordable(self) -> int:
        """How many steps the budget allows, at the pace of a few on a copy: a budget decides how many, never how."""
        network = deepcopy(self.network).train()
        optimiser = torch.optim.AdamW(groups(network, 0.0), lr=self.rate)
        through, pace = self._shared(network), []
        for number in range(PROBE_STEPS):
            began = time.monotonic()
            optimiser.zero_grad()
            self.loss(self._rows(number), through).backward()
            optimiser.step()
            pace.append(time.monotonic() - began)
        return max(1, int(self.budget / float(np.median(pace[PROBE_STEPS // 2 :]))))

    # What several processes do otherwise (together.py)

    def _seed_of(self, step: int) -> int:
        return self.seed * 1_000_003 + step

    def _rows(self, step: int) -> Tensor:
        """The part of a step's batch that this process trains on: all of it."""
        return self.batches.at(step)

    def _shared(self, network: nn.Module) -> nn.Module:
        """The network, so wrapped that its gradients are all processes' mean."""
        return network

    def _mean(self, loss: Tensor) -> float:
        return loss.item()

    def _drop(self) -> None:
        """Dropout as far as text is read again and again: none for a text that is read once (decisions.md)."""
        passes = self.progress.n_steps / self.batches.per_pass
        for module in self.network.modules():
            if isinstance(module, nn.Dropout):
                module.p = self.architecture.dropout * min(1.0, passes / FULL_DROPOUT_PASSES)
            elif isinstance(module, nn.LSTM) and module.num_layers > 1:
                module.dropout = self.architecture.dropout * min(1.0, passes / FULL_DROPOUT_PASSES)

    @torch.inference_mode()
    def _look(self) -> Validated:
        now = self.progress
        nats, n_tokens = validation_loss(self.network, self.validation, self.tokens.begin)
        bits = nats * NATS_TO_BITS / self.validation.n_bytes
        better = bits < now.best_bits
        if better:
            now.best_bits, now.best_step, now.worse = bits, now.step, 0
            self.best = {name: value.clone() for name, value in self.network.state_dict().items()}
        else:
            now.worse += 1
        return Validated(now.step, now.seconds, nats / n_tokens, bits, better)


def scheduled(step: int, n_steps: int) -> float:
    """The learning rate's share of its highest: up in a line, then down as half a cosine. Counted from 1."""
    warm = max(10.0, WARM_UP * n_steps)
    if step < warm or n_steps == 0:
        return min(1.0, step / warm)
    share = (step - warm) / max(1.0, n_steps - warm)
    return LOWEST + (1 - LOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices decay, biases and norms don't."""
    weights = [one for one in network.parameters() if one.requires_grad]
    return [
        {"params": [one for one in weights if one.dim() >= 2], "weight_decay": weight_decay},
        {"params": [one for one in weights if one.dim() < 2], "weight_decay": 0.0},
    ]


def _own(network: nn.Module) -> dict[str, Tensor]:
    """Weights by name, each once: one that is shared stands under its first name."""
    return dict(network.named_parameters()) | dict(network.named_buffers())


def _whole(network: nn.Module, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights under all their names."""
    if not weights:
        return {}
    own = {id(value): name for name, value in _own(network).items()}
    return {
        name: weights[own[id(value)]] for name, value in network.state_dict(keep_vars=True).items() if id(value) in own
    }


def _part(tensors: dict[str, Tensor], begin: str) -> dict[str, Tensor]:
    return {name.removeprefix(begin): value for name, value in tensors.items() if name.startswith(begin)}


def _progress(path: Path) -> Progress:
    with safe_open(path, framework="pt") as file:
        return Progress(**json.loads(file.metadata()["progress"]))
