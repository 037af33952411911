"""A pretrained language model as a scikit-learn transformer that never sees labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from core.catalog import POOLINGS
from core.encode.base import TextEncoder
from core.encode.batches import as_texts, unique
from core.encode.cache import EmbeddingCache
from core.encode.inference import decides, run, usable_threads
from core.encode.model_files import depth, locate, located_again
from core.messages import UnknownChoice, _
from core.workspace import default_home

KEEP_EVERY = 1000


class FrozenEncoder(TextEncoder):
    """Encode texts with a pretrained model that never sees labels.

    A missing text is encoded as the empty text. Identical texts are encoded once, and never again while the cache
    has them.

    Parameters
    ----------
    model : str, default="minilm"
        ``"minilm"``, ``"smollm2"``, a Hugging Face id or a folder (safetensors only, no program of its own).
    pooling : {"mean", "first", "last", "max", ""}, default="mean"
        How the states of a text's tokens become one row; ``""`` takes what the model was trained with.
    layer : int, default=-1
        Whose states: 0 the embeddings, 1 the first block, -1 the last.
    cache_folder : str or Path, optional
        Where rows are kept; None keeps nothing.
    threads : int, optional
        Default: one per core.

    Attributes
    ----------
    n_features_out_ : int
        Width of the embedding.
    revision_ : str
        Fingerprint of the model's files.

    Raises
    ------
    ModelUnavailable
        The model is not on this machine and can't be fetched, or is not what may be loaded.

    References
    ----------
    Reimers and Gurevych, "Sentence-BERT", EMNLP 2019 (mean pooling).

    Examples
    --------
    >>> FrozenEncoder().fit_transform(["The flight was late.", None]).shape
    (2, 384)
    """

    label_free = True

    def __init__(
        self,
        model: str = "minilm",
        pooling: str = "mean",
        layer: int = -1,
        cache_folder: str | Path | None = None,
        threads: int | None = None,
    ) -> None:
        self.model = model
        self.pooling = pooling
        self.layer = layer
        self.cache_folder = cache_folder
        self.threads = threads

    def fit(self, texts: Sequence[Any], y: object = None) -> FrozenEncoder:
        """Find the model; nothing is learned."""
        if self.pooling and self.pooling not in POOLINGS:
            raise UnknownChoice(
                _("“{pooling}” is not a way to pool tokens."),
                _("Choose one of: {known}."),
                pooling=self.pooling,
                known=list(POOLINGS),
            )
        source = locate(self.model)
        depth(source, self.layer)
        self.n_features_out_ = source.width
        self.revision_ = source.revision
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Encode.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, n_features_out_), unit rows
        """
        check_is_fitted(self, "revision_")
        distinct, which = unique(as_texts(texts))
        rows = np.empty((len(distinct), self.n_features_out_), dtype=np.float32)
        missing = np.arange(len(distinct))
        cache = self._cache()
        if cache is not None:
            rows, found = cache.get(distinct)
            missing = np.flatnonzero(~found)
        if len(missing):
            self._encode([distinct[place] for place in missing], missing, rows, cache)
        return rows[which]

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per number of the embedding."""
        check_is_fitted(self, "n_features_out_")
        stem = Path(self.model).name
        return np.asarray([f"{stem}_{number}" for number in range(self.n_features_out_)], dtype=object)

    def _encode(self, texts: list[str], places: np.ndarray, rows: np.ndarray, cache: EmbeddingCache | None) -> None:
        source = located_again(self.model, self.revision_)
        batches = run(
            source,
            texts,
            name=self.model,
            pooling=self.pooling or source.pooling,
            layer=depth(source, self.layer),
            threads=usable_threads(self.threads),
            models_folder=default_home() / "models",
        )
        done, unkept = 0, []
        self._report(0, len(texts))
        try:
            for positions, encoded in batches:
                rows[places[positions]] = encoded
                unkept.extend(positions.tolist())
                done += len(positions)
                if cache is not None and len(unkept) >= KEEP_EVERY:
                    cache.put([texts[place] for place in unkept], rows[places[unkept]])
                    unkept = []
                self._report(done, len(texts))
        finally:  # what is done stays done, also when the user stops here
            batches.close()
            if cache is not None and unkept:
                cache.put([texts[place] for place in unkept], rows[places[unkept]])

    def _cache(self) -> EmbeddingCache | None:
        if self.cache_folder is None:
            return None
        source = located_again(self.model, self.revision_)
        space = decides(source, depth(source, self.layer), self.pooling or source.pooling)
        return EmbeddingCache(self.cache_folder, repr(space), self.n_features_out_)
