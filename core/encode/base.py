"""What the encoders of texts share: somebody may watch how far one is, and what is kept of it knows nobody."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

from core.encode.batches import Progress


class TextEncoder(TransformerMixin, BaseEstimator):
    """A transformer of texts that says how far it is.

    Attributes
    ----------
    progress : callable, optional
        Called with (texts done, texts to do); may raise to stop. It belongs to the moment: neither clones nor what is
        kept of an encoder hold it.
    """

    progress: Progress | None = None
    weighs_labels = False  # what it makes of a text are weights of the labels it was fitted on

    def _report(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(done, total)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        state.pop("progress", None)
        return state
