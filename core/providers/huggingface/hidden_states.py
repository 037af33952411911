"""What a folder's model has in mind when it has read a text: its last hidden states, as one row of numbers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.encode.inference import run, usable_threads
from core.encode.model_files import Source, load
from core.providers import memory
from core.providers.base import IN_ONE_WORD
from core.providers.vocabulary import control_tokens, plain
from core.workspace import default_home

APART = 4  # tokens that may be more where a text stands in a prompt than by itself


class FolderStates:
    """A model that reads; see `core.providers.base.Reader`.

    Parameters
    ----------
    source : Source
        Its folder, looked at.
    name : str
    pooling : {"mean", "last"}
        Mean of all tokens; or the last one, of a prompt that asks what the text means in one word.

    Raises
    ------
    ModelUnavailable
        The folder can't be read.

    References
    ----------
    Jiang et al., "Scaling Sentence Embeddings with Large Language Models", 2023 (the prompt in one word).
    """

    def __init__(self, source: Source, name: str, pooling: str) -> None:
        self.source, self.name, self.pooling = source, name, pooling
        self.tokenizer = load(source, source.n_layers, name).tokenizer
        self.control = control_tokens(self.tokenizer.get_added_tokens_decoder().values())

    def read_all(self, texts: Sequence[str]) -> np.ndarray:
        """n texts  →  float32 (n, width), rows of length 1; of a text that is too long the beginning is read"""
        words = [plain(text, self.control).strip() or "." for text in texts]
        if self.pooling == "last":
            words = [IN_ONE_WORD.format(text=self._fitting(text)) for text in words]
        rows = np.empty((len(texts), self.source.width), dtype=np.float32)
        for places, read in run(
            self.source,
            words,
            name=self.name,
            pooling=self.pooling,
            layer=self.source.n_layers,
            threads=usable_threads(None),
            models_folder=default_home() / "models",
        ):
            rows[places] = read
        return rows

    def _fitting(self, text: str) -> str:
        """The beginning of a text for which there is room in the prompt."""
        self.tokenizer.no_truncation()
        text = text.encode("utf-8", "replace").decode()
        room = self.source.max_tokens - len(self.tokenizer.encode(IN_ONE_WORD.format(text="")).ids)
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        return text if len(offsets) <= room else text[: offsets[room - APART][1]]


_LOADING = threading.Lock()


def loaded(source: Source, name: str, pooling: str, n_bytes: float) -> FolderStates:
    """The model of a folder, loaded once per process where there is room for weights of this size."""
    with _LOADING:
        return _loaded(source, name, pooling, n_bytes)


@lru_cache(maxsize=1)
def _loaded(source: Source, name: str, pooling: str, n_bytes: float) -> FolderStates:
    memory.check(name, n_bytes)
    return FolderStates(source, name, pooling)
