"""A candidate that learns the logarithm of a number and says the number: scores and errors are in its own unit."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.catalog import Task
from core.data.splits.inner import Dependence, fit_with
from core.fuse.predictor import FrozenWork, Predictor, as_frame
from core.messages import Message
from core.models.scaled import LARGEST
from core.results.advice import Advice
from core.results.flow import Flow


class Logged(Predictor):
    """Fit a candidate on log(1 + y), and take what it says back: exp(said) − 1.

    As scikit-learn's `TransformedTargetRegressor` with `log1p` and `expm1`, for whole candidates. The target is not
    below 0. What is told of rows by predicting them, explanations among it, is in the target's own unit.

    Parameters
    ----------
    candidate : Predictor
        For numbers.
    task : {"regression"}

    Attributes
    ----------
    candidate_ : Predictor, fitted
        In logarithms.
    """

    def __init__(self, candidate: Predictor, task: Task = "regression") -> None:
        self.candidate = candidate
        self.task = task

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Logged:
        """X: source columns, n rows; y: numbers from 0, or NaN, shape (n,); dependence: of the rows."""
        X = as_frame(X)
        self.n_features_in_ = X.shape[1]
        self.candidate_: Predictor = fit_with(
            clone(self.candidate), X, np.log1p(np.asarray(y, dtype=np.float64)), dependence
        )
        self.columns_ = self.candidate_.columns_
        self.settings_ = self.candidate_.settings_
        self.trials_ = self.candidate_.trials_
        self.encode_seconds_ = float(getattr(self.candidate_, "encode_seconds_", 0.0))
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, None]:
        """Numbers in the target's own unit, at most the largest there is, shape (n,)."""
        return in_own_unit(self.candidate_.predict_both(self._columns_of(X))[0]), None

    def text_encoders(self) -> dict[str, Any]:
        return self.candidate_.text_encoders()

    def networks(self) -> list[Any]:
        return self.candidate_.networks()

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        return self.candidate.frozen_work(X)

    def estimate_seconds(self, X: pd.DataFrame, y: np.ndarray) -> float | None:
        return self.candidate.estimate_seconds(X, np.log1p(np.asarray(y, dtype=np.float64)))

    def advice(self) -> Advice | None:
        return self.candidate_.advice()

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        return self.candidate.leak_badge()

    def flow(self, X: pd.DataFrame) -> Flow:
        return self.candidate_.flow(X)

    def notes(self) -> dict[str, Message]:
        return self.candidate_.notes()


def in_own_unit(logarithms: Any) -> np.ndarray:
    """exp(x) − 1, at most the largest number there is; any shape.

    Examples
    --------
    >>> in_own_unit([0.0, 1000.0]).tolist()
    [0.0, 1.7976931348623157e+308]
    """
    with np.errstate(over="ignore"):
        return np.minimum(np.expm1(np.asarray(logarithms, dtype=np.float64)), LARGEST)
