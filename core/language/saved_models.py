"""A trained language model as a folder: ``card.json``, ``tokenizer.json``, ``weights.safetensors`` or ``ngram.npz``.

A fine-tuned model's folder holds only its corrections, and names the pretrained model that they are for.
The network's shape stands in the head of its weights' file, so a folder says by itself what to build.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from core import catalog
from core.catalog.language_models import Architecture
from core.data.schema import write_model
from core.files import written_whole
from core.language.model import LanguageModel, Neural
from core.language.networks.build import build
from core.language.ngram import KneserNey
from core.language.tokens import Tokens
from core.messages import UnreadableFile, UnusableData, _
from core.results.language.laboratory import CARD

TOKENIZER, WEIGHTS, NGRAM = "tokenizer.json", "weights.safetensors", "ngram.npz"
ADAPTER = "adapter_config.json"
FINE_TUNED = "core.language.training.lora:opened"  # loaded when one is opened: peft takes seconds


def save(folder: Path, model: Neural | KneserNey, card: BaseModel, architecture: Architecture | None = None) -> None:
    """Write a model; one that lies there already is replaced.

    Parameters
    ----------
    architecture : Architecture, optional
        A network's; an n-gram model needs none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.tokens.save(folder / TOKENIZER)
    if isinstance(model, Neural):
        if architecture is None:
            raise ValueError("a network is saved with its architecture")
        save_weights(folder / WEIGHTS, model.network, architecture)
    else:
        model.save(folder / NGRAM)
    write_model(card, folder / CARD)


def save_weights(path: Path, network: nn.Module, architecture: Architecture) -> None:
    """Write a network's weights and shape, whole or not at all."""
    weights = {name: weight.detach().contiguous() for name, weight in network.state_dict().items()}
    if architecture.tied:
        del weights["output.weight"]  # it is the embedding
    with written_whole(path) as place:
        save_file(weights, place, metadata={"architecture": json.dumps(asdict(architecture))})


def load(folder: Path) -> LanguageModel:
    """Open a model that `save` wrote, or `core.language.training.lora`.

    Raises
    ------
    UnusableData
        There is none.
    UnreadableFile
        Its files are not what they should be.
    ModelUnavailable
        It is fine-tuned, and the pretrained model is not on this machine.
    """
    if (folder / ADAPTER).is_file():
        opened: LanguageModel = catalog.load(FINE_TUNED)(folder)
        return opened
    if not (folder / TOKENIZER).is_file():
        raise UnusableData(_("There is no language model “{name}” here."), _("Train it first."), name=folder.name)
    tokens = Tokens.load(folder / TOKENIZER)
    if (folder / NGRAM).is_file():
        return KneserNey.load(folder / NGRAM, tokens)
    network, architecture = load_weights(folder / WEIGHTS, tokens.size)
    return Neural(network, tokens, architecture.context)


def load_weights(path: Path, vocabulary: int) -> tuple[nn.Module, Architecture]:
    """A network as `save_weights` wrote it.

    Raises
    ------
    UnreadableFile
        The file is missing, damaged, or of another kind.
    """
    try:
        with safe_open(path, framework="pt") as file:
            architecture = TypeAdapter(Architecture).validate_json((file.metadata() or {})["architecture"])
        network = build(architecture, vocabulary)
        missing, unknown = network.load_state_dict(load_file(path), strict=False)
    except (OSError, SafetensorError, KeyError, ValidationError, RuntimeError) as error:
        raise _damaged(path) from error
    if unknown or set(missing) - ({"output.weight"} if architecture.tied else set()):
        raise _damaged(path)
    return network, architecture


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(_("The weights “{file}” can't be read: they are missing or damaged."), file=path.name)
