"""What of a pretrained model is trained: all layers, the top ones, or small additions to all (LoRA).

A body turns token ids into one row per text, differentiably. It works on a copy in the fast number format; what the
optimiser changes are `Pair.master`, the same numbers in 32 bits, since steps this small vanish in 16.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from core.encode.inference import padded
from core.encode.model_files import Source, load, precision
from core.messages import ModelUnavailable, _

TOP_LAYERS = 2
RANK = 8
KEPT_BYTES = 2**29  # of states below the trained layers; beyond, they are computed anew for each batch
BELOW_TEXTS = 32

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Pair:
    """A parameter as the model computes with it, and as the optimiser changes it."""

    working: nn.Parameter
    master: torch.Tensor  # float32


class Body:
    """All layers but the word embeddings: a table of every word, of which a batch touches few rows."""

    rate = 4e-5  # learning rate

    def __init__(self, source: Source, name: str, examples: Sequence[list[int]], seed: int = 0) -> None:
        self.source, self.name, self.examples, self.seed = source, name, examples, seed
        self.padding = load(source, source.n_layers, name).padding
        self.exact = load(source, source.n_layers, name, torch.float32).model
        self.model = self._working().eval()  # no dropout: as accurate here, faster, and the same on any threads
        self.pairs = list(self._pairs())

    def rows(self, places: Sequence[int]) -> torch.Tensor:
        """Means over the tokens of these examples: float32 (batch, width)."""
        return mean(*self.states(places))

    def states(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """One state per token of these examples, (batch, longest, width), and which are real, (batch, longest)."""
        filled, mask = padded([self.examples[place] for place in places], self.padding)
        return self.model(input_ids=filled, attention_mask=mask.long()).last_hidden_state, mask

    def changed(self) -> Weights:
        """The parameters that are no longer as they came, by the model's own names."""
        before = dict(self.exact.named_parameters())
        names = {id(working): name for name, working in self.model.named_parameters()}
        found = {names[id(pair.working)]: pair.master for pair in self.pairs}
        return {name: _small(value) for name, value in found.items() if not torch.equal(value, before[name])}

    def _working(self) -> Any:
        model = own_copy(load(self.source, self.source.n_layers, self.name).model)
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        for unused in (model.get_input_embeddings(), getattr(model, "pooler", None)):
            if unused is not None:
                unused.requires_grad_(False)
        return model

    def _pairs(self) -> Iterator[Pair]:
        exact = dict(self.exact.named_parameters())
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                yield Pair(parameter, exact[name].detach().clone())


class TopLayers(Body):
    """Only the last layers; what comes out below them is computed once and kept."""

    def __init__(self, source: Source, name: str, examples: Sequence[list[int]], seed: int = 0) -> None:
        self.n_below = max(0, source.n_layers - TOP_LAYERS)
        super().__init__(source, name, examples, seed)
        self.top = own_copy(self.model)
        self.top.embeddings = _GivenStates()
        self.top.encoder.layer = self.model.encoder.layer[self.n_below :]
        self.below = load(source, self.n_below, name)
        n_bytes = sum(map(len, examples)) * source.width * precision().itemsize
        self.kept: dict[int, torch.Tensor] | None = {} if n_bytes <= KEPT_BYTES else None

    def states(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        examples = [self.examples[place] for place in places]
        _ids, mask = padded(examples, self.padding)
        if self.kept is None:
            states = self._below(examples)
        else:
            fresh = [place for place in places if place not in self.kept]
            if fresh:
                made = self._below([self.examples[place] for place in fresh])
                for place, states in zip(fresh, made, strict=True):
                    self.kept[place] = states[: len(self.examples[place])].clone()
            states = nn.utils.rnn.pad_sequence([self.kept[place] for place in places], batch_first=True)
        return self.top(inputs_embeds=states, attention_mask=mask.long()).last_hidden_state, mask

    def _below(self, examples: list[list[int]]) -> torch.Tensor:
        filled, mask = padded(examples, self.padding)
        with torch.no_grad():
            output = self.below.model(
                input_ids=filled, attention_mask=mask.long(), output_hidden_states=self.below.state is not None
            )
        return output.last_hidden_state if self.below.state is None else output.hidden_states[self.below.state]

    def _working(self) -> Any:
        model = super()._working()
        if not (hasattr(model, "embeddings") and hasattr(getattr(model, "encoder", None), "layer")):
            raise ModelUnavailable(
                _("The layers of “{model}” can't be trained apart from each other."),
                _("Train all of them, or use MiniLM."),
                model=self.name,
            )
        model.requires_grad_(False)
        model.encoder.layer[self.n_below :].requires_grad_(True)
        return model


class LowRank(Body):
    """A product of two thin matrices beside each query and value matrix, merged into it afterwards (LoRA)."""

    rate = 1e-3

    def changed(self) -> Weights:
        exact = dict(self.exact.named_parameters())
        found = {}
        for name, module in self.model.named_modules():
            if hasattr(module, "get_delta_weight"):
                stem = name.removeprefix("base_model.model.")
                found[f"{stem}.weight"] = _small(
                    exact[f"{stem}.weight"] + module.get_delta_weight("default").detach().float()
                )
        return found

    def _working(self) -> Any:
        peft = importlib.import_module("peft")  # seconds to import, for few who choose it
        model = own_copy(load(self.source, self.source.n_layers, self.name).model)
        settings = peft.LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=["query", "value"])
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.seed)
                return peft.get_peft_model(model, settings)
        except ValueError as error:
            raise ModelUnavailable(
                _("LoRA finds no query and value matrices in “{model}”."),
                _("Train all layers, or use MiniLM."),
                model=self.name,
            ) from error

    def _pairs(self) -> Iterator[Pair]:
        for parameter in self.model.parameters():
            if parameter.requires_grad:  # peft keeps these in 32 bits itself
                yield Pair(parameter, parameter.data)


class _GivenStates(nn.Module):
    """Stands where the embeddings were: hands on the states of the layer below."""

    def forward(self, inputs_embeds: torch.Tensor, **_ignored: object) -> torch.Tensor:
        return inputs_embeds


def mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(batch, longest, width), real tokens (batch, longest)  →  float32 (batch, width)."""
    real = mask[:, :, None].float()
    return (states.float() * real).sum(dim=1) / real.sum(dim=1)


def own_copy(model: Any) -> Any:
    """A copy whose weights may change; the table of words, which nobody changes, is shared."""
    words = model.get_input_embeddings().weight
    return copy.deepcopy(model, {id(words): words})


def _small(values: torch.Tensor) -> np.ndarray:
    return values.detach().numpy().astype(np.float16)
