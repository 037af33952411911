"""Encoded texts kept in memory while a model is open: the background's texts come again with every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from core.encode.batches import as_texts, unique

MOST_TEXTS = 8192  # beyond, what is kept is let go
FIRST_TEXTS = 1024  # but not these, the background's among them: encoded again beside others they would differ a little
NOT_IN_ROWS = {"cache_folder", "threads"}  # settings of an encoder that change no row


class Remembered:
    """An encoder's `transform` that encodes no text twice.

    Parameters
    ----------
    encoder : fitted transformer
        Texts to a dense array, each row by its text alone.
    """

    def __init__(self, encoder: Any) -> None:
        self._transform = encoder.transform
        self._rows: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[Any]) -> Any:
        """n texts  →  (n, width)"""
        distinct, which = unique(as_texts(texts))
        new = [text for text in distinct if text not in self._rows]
        if len(self._rows) + len(new) > MOST_TEXTS:
            self._rows = dict(islice(self._rows.items(), FIRST_TEXTS))
            new = [text for text in distinct if text not in self._rows]
        if new:
            self._rows.update(zip(new, np.asarray(self._transform(new)), strict=True))
        if not distinct:
            return self._transform([])
        return np.stack([self._rows[text] for text in distinct])[which]


def remember(encoder: Any) -> None:
    """From now on, this fitted language model remembers what it encoded."""
    inner = getattr(encoder, "encoder_", encoder)  # inside PCA
    if hasattr(inner, "revision_") and not isinstance(encoder.transform, Remembered):
        encoder.transform = Remembered(encoder)


def shared(known: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    """Fitted language models that are the same as known ones, and learned nothing, look up what those encoded.

    known, others: text column → fitted encoder
    """
    for name, other in others.items():
        mine: Any = getattr(known.get(name), "encoder_", known.get(name))  # inside PCA
        theirs: Any = getattr(other, "encoder_", other)
        if getattr(theirs, "label_free", False) and hasattr(theirs, "revision_") and _space(mine) == _space(theirs):
            remember(mine)
            theirs.transform = mine.transform


def _space(encoder: Any) -> tuple[Any, ...]:
    """What decides a text's row, for an encoder that learned nothing."""
    if encoder is None or not hasattr(encoder, "revision_"):
        return ()
    settings = encoder.get_params(deep=False).items()
    return (type(encoder), encoder.revision_, sorted((k, str(v)) for k, v in settings if k not in NOT_IN_ROWS))
