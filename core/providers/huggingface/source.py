"""A language model in a folder as Hugging Face has it, looked at and not loaded: what it is, and a fingerprint.

Only safetensors are read, and no code that comes with a model is ever run.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from core.allowed import models
from core.encode import model_files
from core.encode.model_files import UNLOADABLE, WANTED_FILES
from core.messages import AmalgamError, ModelUnavailable, _, clip
from core.providers.huggingface import hidden_states, model
from core.providers.vocabulary import languages

ALSO_READ = ("generation_config.json", "chat_template.jinja")  # besides what an encoder reads
PATTERNS = [*WANTED_FILES, *ALSO_READ, "*.spm"]
CAUSAL = frozenset(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values())


class FolderSource:
    """A language model's folder; see `core.providers.base.Source`.

    Parameters
    ----------
    path : Path
    named : str
        Folder or Hugging Face id, as a person named it.

    Attributes
    ----------
    pairs : bool
        It reads one text and writes another, as a translation model does: an encoder and a decoder.
    number : torch.dtype
        The format of its weights in memory.

    Raises
    ------
    ModelUnavailable
        There are no weights that may be loaded, or it is not a model that writes.
    """

    def __init__(self, path: Path, named: str) -> None:
        self.path, self.named, self.name = path, named, Path(named).name
        self._weights = model_files.weights(path, named)
        try:
            config: Any = AutoConfig.from_pretrained(path, trust_remote_code=False, local_files_only=True)
        except UNLOADABLE as error:
            raise model.unloadable(self.name, error) from error
        self.pairs = bool(getattr(config, "is_encoder_decoder", False))
        if not self.pairs and CAUSAL.isdisjoint(config.architectures or []):
            raise ModelUnavailable(
                _("“{model}” is not a model that writes: it is of the kind {kind}."),
                _("Choose a causal language model, as instruct and chat models are; others can be encoders."),
                model=clip(self.name),
                kind=", ".join(config.architectures or []) or config.model_type,
            )
        self._stored = getattr(config, "dtype", None) or torch.float32
        self.number = _number(self._stored)

    @property
    def n_bytes(self) -> int:
        """The size of its weights in files."""
        return sum(path.stat().st_size for path in self._weights)

    @property
    def n_bytes_loaded(self) -> float:
        """The size of its weights in memory, in the format that is fast here."""
        return self.n_bytes * self.number.itemsize / self._stored.itemsize

    @property
    def width(self) -> int:
        """Numbers of one hidden state."""
        return self.looked_at.width

    @property
    def writes(self) -> frozenset[str]:
        """Languages that it can be asked to answer in."""
        return _writes(self.path, self.revision)

    @property
    def revision(self) -> str:
        """A short hash of all that is read: weights, settings, tokenizer, chat form."""
        digest = hashlib.sha256(self.looked_at.revision.encode())
        for file in (self.path / name for name in ALSO_READ):
            digest.update(file.name.encode() + file.read_bytes() if file.is_file() else b"")
        return digest.hexdigest()[:24]

    @property
    def looked_at(self) -> model_files.Source:
        """The same folder as an encoder."""
        return model_files.look_at(self.path, self.named)

    def load(self) -> model.TransformersModel:
        """The model, loaded once per process."""
        return model.loaded(self.path, self.name, self.revision, self.pairs, self.number, self.n_bytes_loaded)

    def reader(self, pooling: str) -> hidden_states.FolderStates:
        """The same for its hidden states."""
        return hidden_states.loaded(self.looked_at, self.name, pooling, self.n_bytes_loaded)


def find(name: str) -> FolderSource | None:
    """The model of a folder that may be read here, or of a Hugging Face id, which is fetched if it may be; else None.

    Raises
    ------
    ModelUnavailable
        An id may not be fetched, or what is there is not a language model.

    Examples
    --------
    >>> find("no-such-model") is None
    True
    """
    if (folder := models.folder_of(name)) is not None:
        return FolderSource(folder, name)
    return FolderSource(_fetched(name), name) if "/" in name else None


def lasting(name: str) -> str:
    """The name under which a model is found later, from any folder: a path from here becomes one from the root.

    Examples
    --------
    >>> lasting("org/model")
    'org/model'
    """
    folder = models.folder_of(name)
    return str(folder) if folder is not None and folder == Path(name).expanduser().resolve() else name


def at_hand() -> list[FolderSource]:
    """The language models in folders below ``AMALGAM_MODELS``; encoders and what can't be read are passed over."""
    chosen = os.environ.get("AMALGAM_MODELS", "").strip()
    root = Path(chosen).expanduser().resolve()
    found = []
    for config in sorted(root.rglob("config.json")) if chosen else []:
        try:
            found.append(FolderSource(config.parent, config.parent.relative_to(root).as_posix()))
        except AmalgamError:
            continue
    return found


@lru_cache(maxsize=16)
def _fetched(name: str) -> Path:
    """Asked for once: the network is not asked again at every question."""
    hint = _("Choose “bundled”, the one that comes with Amalgam, or give a local folder.")
    return model_files.fetched(name, PATTERNS, hint)


def _number(stored: torch.dtype) -> torch.dtype:
    """As it is stored; on a processor half the bytes only where it multiplies in them."""
    return stored if stored == torch.float32 or torch.cuda.is_available() else model_files.precision()


@lru_cache(maxsize=8)
def _writes(path: Path, revision: str) -> frozenset[str]:
    """revision: so that a folder that was changed meanwhile is read again"""
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(path, trust_remote_code=False, local_files_only=True)
    except UNLOADABLE as error:
        raise model.unloadable(path.name, error) from error
    return languages(tokenizer.get_vocab())
