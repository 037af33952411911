"""The hidden states of the language model that takes part here, as an encoder of texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from core.encode.base import TextEncoder
from core.encode.batches import as_texts, unique
from core.encode.cache import EmbeddingCache
from core.messages import ModelUnavailable, _
from core.providers import door
from core.providers.base import Reader
from core.workspace import default_home

STATES = "states 1"  # one more whenever the same model would make other rows of the same texts
KEEP_EVERY = 16


class States(TextEncoder):
    """A language model's last hidden states, of unit length.

    Parameters
    ----------
    model : str, default=""
        A model of this machine as `core.providers.door` names it; "" is the one that takes part here.
    pooling : {"mean", "last"}
    cache_folder : str or Path, optional
        Where rows are kept; None keeps nothing.

    Attributes
    ----------
    n_features_out_ : int
    revision_ : str
        Fingerprint of the model.

    Raises
    ------
    ModelUnavailable
        The model is not on this machine.

    Examples
    --------
    >>> States("bundled").fit_transform(["The flight was late.", None]).shape
    (2, 576)
    """

    label_free = True

    def __init__(self, model: str = "", pooling: str = "mean", cache_folder: str | Path | None = None) -> None:
        self.model = model
        self.pooling = pooling
        self.cache_folder = cache_folder

    def fit(self, texts: Sequence[Any], y: object = None) -> States:
        """Find the model; nothing is learned."""
        source = door.source(default_home() / "models", self.model)
        self.revision_ = source.revision
        self.n_features_out_ = source.width
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Read.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, n_features_out_), unit rows
        """
        check_is_fitted(self, "revision_")
        distinct, which = unique(as_texts(texts))
        rows = np.empty((len(distinct), self.n_features_out_), dtype=np.float32)
        missing, cache = np.arange(len(distinct)), self._cache()
        if cache is not None:
            rows, found = cache.get(distinct)
            missing = np.flatnonzero(~found)
        if len(missing):
            model = self._loaded()
            for start in range(0, len(missing), KEEP_EVERY):
                self._report(start, len(missing))
                batch = missing[start : start + KEEP_EVERY]
                rows[batch] = model.read_all([distinct[place] for place in batch])
                if cache is not None:
                    cache.put([distinct[place] for place in batch], rows[batch])
            self._report(len(missing), len(missing))
        return rows[which]

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per number."""
        check_is_fitted(self, "n_features_out_")
        return np.asarray([f"state_{number}" for number in range(self.n_features_out_)], dtype=object)

    def _loaded(self) -> Reader:
        source = door.source(default_home() / "models", self.model)
        if source.revision != self.revision_:
            raise ModelUnavailable(
                _("The model “{model}” on this machine is not the one this was trained with."),
                _("Train again, or bring back the version that was used."),
                model=source.name,
            )
        return source.reader(self.pooling)

    def _cache(self) -> EmbeddingCache | None:
        if self.cache_folder is None:
            return None
        return EmbeddingCache(self.cache_folder, repr((STATES, self.revision_, self.pooling)), self.n_features_out_)
