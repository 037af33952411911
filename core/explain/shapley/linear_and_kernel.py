"""Models that see features only through sums: weighted sums, and kernels of dot products or distances.

Such a sum splits by column, so each stacked row's part per column is computed once; a made-up row is a few additions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from scipy.special import expit, softmax
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR
from sklearn.utils.extmath import safe_sparse_dot

from core.fuse.columns import Dense
from core.models.calibrated import Calibrated


def last_step(model: Any) -> Any:
    """The model behind steps that only change how features are stored; None behind others."""
    if not isinstance(model, Pipeline):
        return model
    return model.steps[-1][1] if all(isinstance(step, Dense) for _name, step in model.steps[:-1]) else None


class Head:
    """A model as a function of sums over features.

    Parameters
    ----------
    model : fitted estimator

    Attributes
    ----------
    straight : bool
        The margin of two classes, or the number, is itself a sum over features.
    """

    straight = False

    def parts(self, features: Any, chosen: np.ndarray) -> np.ndarray:
        """What the chosen features add to the sums.  (n, d), int (c,)  →  (n, sums)"""
        raise NotImplementedError

    def outputs(self, sums: np.ndarray) -> np.ndarray:
        """(n, sums)  →  probabilities (n, k) in the order of the model's classes, or numbers (n,)"""
        raise NotImplementedError

    def margin(self, sums: np.ndarray) -> np.ndarray:
        """Log-odds of the second of two classes, or numbers, without what all rows share; only if `straight`."""
        raise NotImplementedError


class Linear(Head):
    """Logistic regression, ridge, linear support vector machines."""

    def __init__(self, model: Any) -> None:
        self.outer, sigmoids = model, _sigmoids(model)
        self.model = sigmoids[0] if sigmoids else _inner(model)
        self.sigmoids = sigmoids[1] if sigmoids else None
        self.coefficients = np.atleast_2d(np.asarray(self.model.coef_, dtype=float))  # (sums, d)
        self.number = isinstance(model, Ridge | LinearSVR)
        self.intercept = np.atleast_1d(np.asarray(self.model.intercept_, dtype=float))
        self.straight = len(self.coefficients) == 1

    def parts(self, features: Any, chosen: np.ndarray) -> np.ndarray:
        return np.asarray(safe_sparse_dot(features[:, chosen], self.coefficients[:, chosen].T, dense_output=True))

    def outputs(self, sums: np.ndarray) -> np.ndarray:
        scores = sums + self.intercept
        if self.number:
            return scores[:, 0]
        if isinstance(self.outer, LogisticRegression):
            return _two(expit(scores[:, 0])) if self.straight else softmax(scores, axis=1)
        return _calibrated(scores[:, 0] if self.straight else scores, self.sigmoids)

    def margin(self, sums: np.ndarray) -> np.ndarray:
        if self.sigmoids is not None:  # the log-odds of 1 / (1 + exp(a · score + b)) are −a · score − b
            return -self.sigmoids[0].a_ * sums[:, 0]
        return sums[:, 0] if isinstance(self.outer, LogisticRegression) or self.number else 2 * sums[:, 0]


class Kernel(Head):
    """Support vector machines with a kernel of dot products or of distances; one sum per support vector."""

    def __init__(self, model: Any) -> None:
        sigmoids = _sigmoids(model)
        self.model = sigmoids[0] if sigmoids else _inner(model)
        self.sigmoids = sigmoids[1] if sigmoids else None
        self.number = isinstance(self.model, SVR)
        self.gamma = float(self.model._gamma)
        self.vectors = self.model.support_vectors_

    def parts(self, features: Any, chosen: np.ndarray) -> np.ndarray:
        mine, theirs = features[:, chosen], self.vectors[:, chosen]
        if self.model.kernel == "rbf":
            return np.asarray(euclidean_distances(mine, theirs, squared=True), dtype=float)
        return np.asarray(safe_sparse_dot(mine, theirs.T, dense_output=True), dtype=float)

    def outputs(self, sums: np.ndarray) -> np.ndarray:
        likeness = self._likeness(sums)
        weights = self.model.dual_coef_
        weights = weights.toarray() if scipy.sparse.issparse(weights) else np.asarray(weights)
        if self.number:
            return np.asarray((likeness @ weights.T + self.model.intercept_)[:, 0])
        if len(self.model.classes_) == 2:
            return _calibrated((likeness @ weights.T + self.model.intercept_)[:, 0], self.sigmoids)
        return _calibrated(self._one_against_one(likeness, weights), self.sigmoids)

    def _likeness(self, sums: np.ndarray) -> np.ndarray:
        if self.model.kernel == "rbf":
            return np.exp(-self.gamma * sums)
        inner = self.gamma * sums + self.model.coef0
        return np.tanh(inner) if self.model.kernel == "sigmoid" else inner**self.model.degree

    def _one_against_one(self, likeness: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Votes of every pair of classes, ties told apart by how sure they are, as SVC counts them."""
        k = len(self.model.classes_)
        ends = np.concatenate([[0], np.cumsum(self.model.n_support_)])
        votes, sure = np.zeros((len(likeness), k)), np.zeros((len(likeness), k))
        pairs = [(first, second) for first in range(k) for second in range(first + 1, k)]
        for number, (first, second) in enumerate(pairs):
            ours, theirs = slice(ends[first], ends[first + 1]), slice(ends[second], ends[second + 1])
            found = likeness[:, ours] @ weights[second - 1, ours] + likeness[:, theirs] @ weights[first, theirs]
            found = found + self.model.intercept_[number]
            sure[:, first] += found
            sure[:, second] -= found
            votes[:, first] += found >= 0
            votes[:, second] += found < 0
        return votes + sure / (3 * (np.abs(sure) + 1))


def head_of(model: Any) -> Head | None:
    """A model as sums over features, if it is one."""
    model = last_step(model)
    inner = _inner(model)
    if isinstance(inner, LogisticRegression | Ridge | LinearSVR | LinearSVC):
        return Linear(model)
    if isinstance(inner, SVC | SVR) and inner.kernel in {"rbf", "poly", "sigmoid"}:
        return Kernel(model)
    return None


def _inner(model: Any) -> Any:
    if not isinstance(model, Calibrated):
        return model
    found = _sigmoids(model)
    return found[0] if found else model.estimator_


def _sigmoids(model: Any) -> tuple[Any, list[Any]] | None:
    """The classifier inside a calibrated one, and its sigmoids, one per class or one for two."""
    if not isinstance(model, Calibrated) or not isinstance(model.estimator_, CalibratedClassifierCV):
        return None
    only = model.estimator_.calibrated_classifiers_[0]
    return only.estimator, only.calibrators


def _calibrated(scores: np.ndarray, sigmoids: list[Any] | None) -> np.ndarray:
    """Scores (n,) of two classes or (n, k)  →  probabilities, as scikit-learn calibrates them"""
    if sigmoids is None:
        return softmax(np.column_stack([-scores, scores]) if scores.ndim == 1 else scores, axis=1)
    if scores.ndim == 1:
        return _two(np.asarray(sigmoids[0].predict(scores)))
    raised = np.column_stack([one.predict(column) for one, column in zip(sigmoids, scores.T, strict=True)])
    total = raised.sum(axis=1, keepdims=True)
    return np.where(total > 0, raised / np.where(total > 0, total, 1.0), 1 / raised.shape[1])


def _two(second: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - second, second])
