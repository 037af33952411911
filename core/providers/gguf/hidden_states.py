"""What a GGUF file's model has in mind when it has read a text: its last hidden states, as one row of numbers.

Source: llama.cpp's own server in its mode for embeddings, called without its HTTP side (``xllamacpp``).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xllamacpp

from core.encode.inference import usable_threads
from core.messages import UnusableData, _
from core.providers.base import CUTS, IN_ONE_WORD
from core.providers.gguf.files import header
from core.providers.gguf.llama_cpp import opened
from core.providers.vocabulary import plain

MOST_TOKENS = 512  # of a text: its beginning is read, as other encoders do
POOLINGS = {
    "mean": xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN,
    "last": xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_LAST,
}


class GgufStates:
    """A model that reads.

    Parameters
    ----------
    path : Path
    pooling : {"mean", "last"}
        Mean of all tokens; or the last one, of a prompt that asks what the text means in one word.

    Raises
    ------
    ModelUnavailable
        The file can't be read, or there is not enough memory.

    References
    ----------
    Jiang et al., "Scaling Sentence Embeddings with Large Language Models", 2023 (the prompt in one word).
    """

    def __init__(self, path: Path, pooling: str) -> None:
        self.pooling, self.control = pooling, header(path).control
        settings = xllamacpp.CommonParams()
        settings.n_ctx = settings.n_batch = settings.n_ubatch = min(MOST_TOKENS, header(path).context)
        settings.cpuparams.n_threads = max(1, usable_threads(None) - 1)
        settings.embedding, settings.pooling_type = True, POOLINGS[pooling]
        self.server = opened(path, settings)

    def read(self, text: str) -> np.ndarray:
        """One text  →  float32 array of length 1, shape (width,)"""
        words = plain(text, self.control).strip() or "."
        for _cut in range(CUTS):
            answer = self.server.handle_embeddings({"input": [self._prompt(words)]})
            if "error" not in answer:
                return np.asarray(answer["data"][0]["embedding"], dtype=np.float32)
            if not _too_long(answer["error"]):
                break
            words = words[: len(words) // 2 if len(words) < 4 * MOST_TOKENS else 2 * MOST_TOKENS]
        raise UnusableData(
            _("The language model could not answer: {cause}"), cause=str(answer["error"].get("message", ""))[:200]
        )

    def read_all(self, texts: Sequence[str]) -> np.ndarray:
        """n texts  →  float32 (n, width)"""
        return np.stack([self.read(text) for text in texts])

    def _prompt(self, words: str) -> str:
        return IN_ONE_WORD.format(text=words) if self.pooling == "last" else words


def _too_long(error: dict[str, Any]) -> bool:
    return error.get("type") == "exceed_context_size_error" or "too large" in str(error.get("message", ""))


_LOADING = threading.Lock()


def loaded(path: Path, changed: int, pooling: str) -> GgufStates:
    """The model of a file, loaded once per process.  changed: when the file was, so that another one is not missed"""
    with _LOADING:
        return _loaded(path, changed, pooling)


@lru_cache(maxsize=1)
def _loaded(path: Path, changed: int, pooling: str) -> GgufStates:
    return GgufStates(path, pooling)
