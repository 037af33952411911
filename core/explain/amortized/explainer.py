"""A network that says at once what each word of a text is worth to a model, and how far it is off.

An encoder's token states, through two small layers, are numbers per token; a word's are summed. What is missing to the
whole text's worth is shared alike.

References
----------
Jethani et al., "FastSHAP", ICLR 2022.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch
from safetensors import SafetensorError
from torch import nn

from core.data.schema import read_model, write_model
from core.encode.finetuning import objectives
from core.encode.finetuning.encoder import with_weights
from core.encode.finetuning.trainable_parts import Weights
from core.encode.inference import TorchEngine, torch_threads, usable_threads
from core.encode.model_files import load, located_again
from core.explain.text.paired_regression import Prior
from core.explain.text.spans import Span
from core.explain.text.token_states import owners
from core.files import write_whole
from core.messages import ModelUnavailable
from core.results.explanations.amortized import LEARNED_FILE, LearnedWords

_log = logging.getLogger(__name__)
WEIGHTS_FILE = "weights.safetensors"
BODY, HEAD = "body.", "head."  # what the names of weights begin with


class Head(nn.Module):
    """States of tokens, (..., width), to numbers, (..., outputs)."""

    def __init__(self, width: int, n_outputs: int, seed: int) -> None:
        super().__init__()
        self.inner = objectives.linear(width, width, seed)
        self.outer = objectives.linear(width, n_outputs, seed + 1)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.outer(nn.functional.gelu(self.inner(states)))
        return found


class Learned:
    """What was learned about one text column of a candidate, ready to be asked.

    Parameters
    ----------
    about : LearnedWords
    weights : dict of str to array
        Of the encoder (``body.``, those that changed) and the layers on it (``head.``).

    Raises
    ------
    ModelUnavailable
        The encoder it was made from is not on this machine, or is another version.
    """

    def __init__(self, about: LearnedWords, weights: Mapping[str, np.ndarray]) -> None:
        source = located_again(about.base, about.revision)
        self.about, self.most_tokens = about, source.max_tokens
        self.loaded = with_weights(load(source, source.n_layers, about.base), part(weights, BODY))
        self.head = Head(source.width, len(about.classes), 0)
        self.head.load_state_dict({name: torch.from_numpy(value) for name, value in part(weights, HEAD).items()})

    def values(self, text: str, spans: list[Span], place: int, total: float) -> np.ndarray:
        """The words' values for the class at this place, summing to `total`.  →  (words,)"""
        tokenizer = self.loaded.tokenizer
        tokenizer.enable_truncation(self.most_tokens)
        row = tokenizer.encode(readable(text))
        with torch_threads(usable_threads(None)), torch.inference_mode():
            states = torch.from_numpy(TorchEngine(self.loaded).hidden([row.ids])[0])
            numbers = self.head(states)[:, place].double().numpy()
        owner = owners(row, spans)
        found = np.bincount(owner[owner >= 0], numbers[owner >= 0], minlength=len(spans))
        return found + (total - found.sum()) / len(spans)

    def prior(self) -> Prior:
        """How far its values are off."""
        return Prior(self.about.spread, self.about.noise)


def readable(text: str) -> str:
    """No half of a character; as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")


def part(weights: Mapping[str, np.ndarray], prefix: str) -> Weights:
    """Those whose names begin so, without that."""
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def save(folder: Path, about: LearnedWords, weights: Mapping[str, np.ndarray]) -> None:
    """Into a folder: the weights, then the description that knows their hash."""
    folder.mkdir(parents=True, exist_ok=True)
    written = safetensors.numpy.save(dict(weights))
    write_whole(folder / WEIGHTS_FILE, written)
    write_model(about.model_copy(update={"weights": _hash(written)}), folder / LEARNED_FILE)


def open_learned(folder: Path, bundle: str) -> Learned | None:
    """What lies in a folder, if it is about this very bundle and was found to be of use.

    None also where it can't be read, is half written, or its encoder is not on this machine: it only saves questions.
    """
    try:
        about = read_model(LearnedWords, folder / LEARNED_FILE)
        written = (folder / WEIGHTS_FILE).read_bytes()
        if about is None or about.bundle != bundle or about.enough is None or about.weights != _hash(written):
            return None
        return Learned(about, safetensors.numpy.load(written))
    except (OSError, SafetensorError, ModelUnavailable) as error:
        _log.warning("What was learned about %s is not used: %s", folder.name, error)
        return None


def _hash(written: bytes) -> str:
    return hashlib.sha256(written).hexdigest()
