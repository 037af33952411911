"""Advice that is known to help, or known not to, and tables to try it on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer

from core.encode.sparse import Tfidf
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, TextColumn
from core.fuse.predictor import Predictor
from core.models.factory import build as build_model

WORDS = [
    "parcel",
    "note",
    "office",
    "order",
    "desk",
    "paper",
    "window",
    "garden",
    "river",
    "street",
    "house",
    "table",
    "lamp",
    "chair",
]


class Hint(Predictor):
    """Says what stands in the column “hint”: the log-odds of the later class, or the number itself."""

    def __init__(self, columns: list[str], task: str = "binary") -> None:
        self.columns = columns
        self.task = task

    def fit(self, X: pd.DataFrame, y: Any) -> Hint:
        self.columns_ = list(self.columns)
        self._coded(y)
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        hint = X[self.columns[0]].to_numpy(dtype=float)
        if self.task == "regression":
            return hint, None
        later = 1 / (1 + np.exp(-hint))
        others = len(self.classes_) - 1
        full = np.column_stack([*[(1 - later) / others] * others, later])
        return self.classes_[full.argmax(axis=1)], full


def hinted(n: int = 240, seed: int = 0, helpful: bool = True, k: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    """A column that says a little, texts that say nothing, and a hint that says much or nothing."""
    random = np.random.default_rng(seed)
    codes = random.integers(0, k, n)
    last = codes == k - 1
    said = np.where(last, 2.0, -2.0) if helpful else random.permutation(np.where(last, 2.0, -2.0))
    frame = pd.DataFrame(
        {
            "size": codes + random.normal(0, 2, n),
            "text": [" ".join(random.choice(WORDS, 6)) for _row in range(n)],
            "hint": said + random.normal(0, 1, n),
        }
    )
    return frame, np.asarray([f"class {code}" for code in codes], dtype=object)


def numbers(n: int = 240, seed: int = 0, helpful: bool = True) -> tuple[pd.DataFrame, np.ndarray]:
    """The same for a number."""
    random = np.random.default_rng(seed)
    frame, _labels = hinted(n, seed)
    y = frame["size"].to_numpy() + random.normal(0, 3, n)
    frame["hint"] = (y if helpful else random.permutation(y)) + random.normal(0, 0.5, n)
    return frame, y


def parent(task: str = "binary", model: str = "linear", text: bool = True) -> Candidate:
    """Word counts and one column, then a classical model."""
    makers = [("words", TextColumn(Tfidf()), ["text"])] if text else []
    features = ColumnTransformer([*makers, ("numbers", Numbers(), ["size"])], sparse_threshold=0.3)
    settings = {"n_estimators": 30} if model == "lightgbm" else {}
    return Candidate(features, build_model(model, task, settings), task)


def log_loss(said: np.ndarray, labels: np.ndarray, classes: np.ndarray) -> float:
    """Of probabilities in the order of `classes`."""
    places = [list(classes).index(label) for label in labels]
    return float(-np.log(np.maximum(said[np.arange(len(labels)), places], 1e-6)).mean())
