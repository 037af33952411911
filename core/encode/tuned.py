"""A pretrained language model trained further on the target, inside the training fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from core.catalog import Task
from core.encode.batches import Progress


class TunedEncoder(TransformerMixin, BaseEstimator):
    """Train an encoder on the target, then encode with it."""

    label_free = False
    progress: Progress | None = None

    def __init__(
        self, model: str = "minilm", task: Task = "multiclass", method: str = "", seed: int = 0, threads: int | None = None
    ) -> None:
        self.model = model
        self.task = task
        self.method = method
        self.seed = seed
        self.threads = threads

    def fit_transform(self, texts: Sequence, y: object = None) -> np.ndarray:
        raise NotImplementedError
