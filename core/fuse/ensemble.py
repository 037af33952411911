"""Several fitted candidates as one: the weighted mean of what they say, and how the weights are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.catalog import Task
from core.data.splits.inner import Dependence, fit_with
from core.fuse.columns import read_once
from core.fuse.predictor import FrozenWork, Predictor, as_frame

STEPS = 30  # members drawn, each time the one that helps most


class Ensemble(Predictor):
    """The weighted mean of several candidates' probabilities or numbers.

    Parameters
    ----------
    members : list of (name, Predictor)
    weights : list of float
        One per member, positive, summing to 1.
    task : {"binary", "multiclass", "regression"}

    Attributes
    ----------
    members_ : list of Predictor, fitted

    References
    ----------
    Caruana et al., "Ensemble selection from libraries of models", ICML 2004.
    """

    def __init__(self, members: list[tuple[str, Predictor]], weights: list[float], task: Task = "multiclass") -> None:
        self.members = members
        self.weights = weights
        self.task = task

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Ensemble:
        """Fit every member on all rows.  X: source columns, n rows; y: shape (n,); dependence: of the rows."""
        X = as_frame(X)
        fitted = [fit_with(clone(member), X, y, dependence) for _name, member in self.members]
        return self.of_fitted(fitted, X.shape[1])

    def of_fitted(
        self, members: list[Predictor], n_columns: int, classes: Sequence[str] | np.ndarray | None = None
    ) -> Ensemble:
        """Of members that are fitted already, on tables of so many columns; some may not know every class.

        classes: all there are, sorted; by default those that the members know
        """
        self.members_, self.n_features_in_ = members, n_columns
        if self.task != "regression":
            known = [member.classes_.astype(str) for member in members] if classes is None else [classes]
            self.classes_ = np.unique(np.concatenate(known)).astype(object)
        self.columns_ = list(dict.fromkeys(name for member in members for name in member.columns_))
        self.settings_: dict[str, Any] = {}
        self.trials_: list[dict[str, Any]] = []
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """The mean of the members, shape (n,), and of their probabilities, shape (n, k)."""
        X = self._columns_of(X)
        with read_once():  # members that read the same texts with the same encoder do it together
            said = [member.predict_both(X) for member in self.members_]
        if self.task == "regression":
            return np.average([prediction for prediction, _none in said], axis=0, weights=self.weights), None
        classes = [str(label) for label in self.classes_]
        every = [
            aligned(probabilities, member, classes)
            for member, (_prediction, probabilities) in zip(self.members_, said, strict=True)
        ]
        mean = np.average(np.asarray(every), axis=0, weights=self.weights)
        return self.classes_[mean.argmax(axis=1)], mean

    def text_encoders(self) -> dict[str, Any]:
        """Those of all members."""
        return {
            f"{number}: {name}": encoder
            for number, member in enumerate(self.members_, start=1)
            for name, encoder in member.text_encoders().items()
        }

    def networks(self) -> list[Any]:
        """Those of all members."""
        return [network for member in self.members_ for network in member.networks()]

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """What all members can have encoded beforehand."""
        return [work for _name, member in self.members for work in member.frozen_work(X)]

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """Its weights were chosen on rows that the members had not seen."""
        return "out-of-fold"


def aligned(probabilities: np.ndarray | None, fitted: Any, classes: list[str]) -> np.ndarray | None:
    """Probabilities in the order of all classes; a class that was not in training has probability 0.  →  (n, k)"""
    if probabilities is None:
        return None
    full = np.zeros((len(probabilities), len(classes)))
    full[:, [classes.index(str(label)) for label in fitted.classes_]] = probabilities
    return full


def greedy_weights(said: Sequence[np.ndarray], truth: np.ndarray, steps: int = STEPS, unit: float = 1.0) -> np.ndarray:
    """Weights of members whose mean has the least loss on rows they have not seen.

    Starts with the best one, then adds, with replacement, whichever helps most, and keeps the best mixture on the way.

    Parameters
    ----------
    said : list of arrays, shape (n, k) or (n,)
        Out-of-fold probabilities, or numbers.
    truth : shape (n,)
        Class numbers, or numbers.
    unit : float
        Of numbers; see `loss`.

    Returns
    -------
    array, shape (members,)
        Sums to 1.
    """
    counts = np.zeros(len(said))
    total = np.zeros_like(said[0])
    best, best_loss = counts, np.inf
    for step in range(1, steps + 1):
        losses = [loss((total + one) / step, truth, unit) for one in said]
        chosen = int(np.argmin(losses))
        total = total + said[chosen]
        counts = counts.copy()
        counts[chosen] += 1
        if losses[chosen] < best_loss - 1e-9:
            best, best_loss = counts, losses[chosen]
    return best / best.sum()


def loss(said: np.ndarray, truth: np.ndarray, unit: float = 1.0) -> float:
    """The mean of `losses`."""
    return float(np.mean(losses(said, truth, unit)))


def losses(said: np.ndarray, truth: np.ndarray, unit: float = 1.0) -> np.ndarray:
    """Squared distances to the truth: of numbers (n,), or of probabilities (n, k) given class numbers (Brier).  →  (n,)

    unit: what numbers are divided by first (`core.models.scaled.factor_of`), so that no square is endless or 0.
    """
    if said.ndim == 1:
        return np.asarray((said / unit - truth / unit) ** 2)
    return np.asarray(((said - np.eye(said.shape[1])[truth]) ** 2).sum(axis=1))
