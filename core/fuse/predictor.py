"""What every candidate is to those who use it: columns in; prediction, probabilities and its encoders out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.data.duplicates import fingerprint
from core.fuse.columns import word
from core.messages import Message, MismatchedTable, _
from core.results.advice import Advice
from core.results.flow import Flow

FAULTS = (ValueError, ArithmeticError, RuntimeError, TypeError, KeyError, IndexError)  # of one candidate: others go on


@dataclass(frozen=True)
class FrozenWork:
    """Texts that an encoder which sees no labels can encode before the folds."""

    column: str  # "": whole rows
    encoder: Any  # not fitted
    texts: np.ndarray  # str or None, shape (n,)

    @property
    def model(self) -> str:
        """The encoder's name in the catalogue, or what it was loaded from."""
        return str(getattr(self.encoder, "model", "e5"))

    @property
    def key(self) -> str:
        """The same for the same texts through the same encoder."""
        settings = sorted(self.encoder.get_params(deep=False).items())
        return f"{fingerprint.of_column(self.texts)}|{type(self.encoder).__name__}|{settings}"


def as_frame(X: Any) -> pd.DataFrame:
    """A table as it is; an array (n, d) as one whose columns are called x0, x1, …"""
    if isinstance(X, pd.DataFrame):
        return X
    if issparse(X):
        raise TypeError("A table of columns is needed; sparse input is not supported.")
    rows = np.asarray(X)
    if np.iscomplexobj(rows):
        raise ValueError("Complex data not supported.")
    if rows.ndim != 2:
        raise ValueError(f"Reshape your data: a table has two dimensions, this has {rows.ndim}.")
    return pd.DataFrame(rows, columns=[f"x{place}" for place in range(rows.shape[1])])


class Predictor(BaseEstimator):
    """A candidate: fitted on source columns and a target, predicts from source columns.

    A family implements `fit` (which sets what is named below) and `both`.

    Attributes
    ----------
    task : {"binary", "multiclass", "regression"}
        A parameter of every family.
    columns_ : list of str
        The source columns it uses.
    classes_ : array of str, shape (k,)
        Sorted; absent for regression.
    settings_ : dict
        What a search found; empty without one.
    trials_ : list of dict
    """

    task: Task
    columns_: list[str]
    classes_: np.ndarray
    settings_: dict[str, Any]
    trials_: list[dict[str, Any]]

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """Prediction (n,) and, for classes, probabilities (n, k) in the order of `classes_`; features are made once."""
        raise NotImplementedError

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Labels (str) or numbers, shape (n,)."""
        return self.predict_both(X)[0]

    @available_if(lambda self: self.task != "regression")  # type: ignore[untyped-decorator]
    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities in the order of `classes_`, shape (n, k); not there for numbers."""
        probabilities = self.predict_both(X)[1]
        assert probabilities is not None
        return probabilities

    def text_encoders(self) -> dict[str, Any]:
        """Every fitted text encoder, by a name of its own; the text column's name where it is a column's only one."""
        return {}

    def networks(self) -> list[Any]:
        """What else holds numbers by name in `weights_`, which a bundle keeps in files of their own."""
        return []

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """What can be encoded before it is fitted, of these rows."""
        return []

    def estimate_seconds(self, X: pd.DataFrame, y: np.ndarray) -> float | None:
        """How long the costly part of fitting these rows would take; None if there is none."""
        return None

    def advice(self) -> Advice | None:
        """What became of a language model's advice; None for a candidate that takes none."""
        return None

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """How its text features come about; known before it is fitted."""
        return ""

    def flow(self, X: pd.DataFrame) -> Flow:
        """What passed between its language model and its model when it was fitted on these rows; seconds are left 0."""
        columns = [name for name in self.columns_ if name in X.columns]
        readers = self.language_models(X)
        read = {name for name in columns for text, _encoder in readers if text in {"", name}}
        return Flow(
            n_rows=len(X),
            n_texts=sum(X[name].nunique() if name else len(X) for name, _encoder in readers),
            width=sum(int(getattr(encoder, "n_features_out_", 0)) for _name, encoder in readers),
            n_columns=len(set(columns) - read),
            n_trained=sum(_n_numbers(getattr(encoder, "weights_", {})) for _name, encoder in readers),
            n_steps=sum(len(getattr(encoder, "losses_", [])) for _name, encoder in readers),
        )

    def language_models(self, X: pd.DataFrame) -> list[tuple[str, Any]]:
        """The fitted encoders that are language models, each with the text column it reads, ``""`` for whole rows."""
        found = []
        for name, outer in self.text_encoders().items():
            encoder = getattr(outer, "encoder_", outer)  # inside PCA
            if hasattr(encoder, "revision_"):
                column = re.sub(r" \(\d+\)$|^\d+: ", "", name)
                found.append((column if column in X.columns else "", encoder))
        return found

    def use_cache(self, folder: str | None) -> None:
        """Keep embeddings in this folder from now on; None keeps nothing and looks nothing up."""
        for outer in self.text_encoders().values():
            inside = [getattr(outer, part, outer) for part in ("encoder_", "answers", "reader_")]  # PCA, a fast copy
            for encoder in inside:
                if hasattr(encoder, "cache_folder"):
                    encoder.cache_folder = folder

    def notes(self) -> dict[str, Message]:
        """What PCA kept, per text encoder."""
        return {
            name: encoder.describe() for name, encoder in self.text_encoders().items() if hasattr(encoder, "describe")
        }

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True  # gaps are part of every table
        tags.input_tags.string = True
        return tags

    def _columns_of(self, X: pd.DataFrame) -> pd.DataFrame:
        check_is_fitted(self, "columns_")
        X = as_frame(X)
        missing = [name for name in self.columns_ if name not in X.columns]
        if missing:
            raise MismatchedTable(
                _("The table has no column “{column}”, which the model needs."),
                _("Add the column; its cells may be empty."),
                column=missing[0],
            )
        return X[self.columns_]

    def _coded(self, y: Any) -> np.ndarray:
        """The target as class numbers (and `classes_` learned from it), or as numbers."""
        if self.task == "regression":
            return np.asarray(y, dtype=float)
        labels = [word(value) for value in np.asarray(y, dtype=object)]
        self.classes_, codes = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
        self.classes_ = self.classes_.astype(object)
        return codes


def _n_numbers(weights: dict[str, np.ndarray]) -> int:
    return sum(values.size for values in weights.values())
