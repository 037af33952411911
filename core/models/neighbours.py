"""Models that compare rows with each other, and naive Bayes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.svm import SVC
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from core.catalog import Task
from core.models.calibrated import Calibrated
from core.models.scaled import UnitSVR


def svm_kernel(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """A support vector machine with a kernel; probabilities calibrated on inner folds."""
    if task == "regression":
        return UnitSVR(C=settings["C"], kernel=settings["kernel"], cache_size=500)
    weight = "balanced" if balanced else None
    machine = SVC(C=settings["C"], kernel=settings["kernel"], class_weight=weight, cache_size=500, random_state=seed)
    return Calibrated(machine)


def knn(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """k nearest neighbours; with fewer training rows than neighbours, all of them vote."""
    kind = KNeighborsRegressor if task == "regression" else KNeighborsClassifier
    neighbours = kind(n_neighbors=settings["n_neighbors"], weights=settings["weights"], n_jobs=threads)
    return FewRows(neighbours) if task == "regression" else FewRowsClassifier(neighbours, balanced)


def bayes(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """Gaussian naive Bayes; the smoothing is added to every variance as a share of the largest."""
    return Bayes(smoothing=1e-3 * settings["smoothing"], balanced=balanced)


class _Fewer(BaseEstimator):
    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any) -> Any:
        """X (n, d), y (n,)."""
        self.estimator_ = clone(self.estimator)
        self.estimator_.set_params(n_neighbors=min(self.estimator.n_neighbors, X.shape[0]))
        self.estimator_.fit(X, y)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """What the neighbours say, shape (n,)."""
        return self.estimator_.predict(X)


class FewRows(RegressorMixin, _Fewer):
    """Neighbours for numbers, never more of them than there are training rows."""


class FewRowsClassifier(ClassifierMixin, _Fewer):
    """Neighbours for classes, never more of them than training rows; by choice rare classes' votes weigh more.

    Attributes
    ----------
    vote_weights_ : array of shape (k,), or None
        What a vote for each class counts: n / (k · rows of the class). None: every vote counts the same.
    """

    vote_weights_: np.ndarray | None = None  # bundles of before hold none

    def __init__(self, estimator: BaseEstimator, balanced: bool = False) -> None:
        super().__init__(estimator)
        self.balanced = balanced

    def fit(self, X: Any, y: Any) -> FewRowsClassifier:
        """X (n, d), y (n,)."""
        super().fit(X, y)
        self.classes_ = self.estimator_.classes_
        self.vote_weights_ = (
            compute_class_weight("balanced", classes=self.classes_, y=np.asarray(y)) if self.balanced else None
        )
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Shares of the votes, shape (n, k)."""
        shares = self.estimator_.predict_proba(X)
        if self.vote_weights_ is None:
            return shares
        weighted = shares * self.vote_weights_
        return weighted / weighted.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:
        """The class with the largest share of the votes, shape (n,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class Bayes(ClassifierMixin, BaseEstimator):
    """Gaussian naive Bayes, by choice with rare classes weighted up."""

    def __init__(self, smoothing: float = 1e-3, balanced: bool = False) -> None:
        self.smoothing = smoothing
        self.balanced = balanced

    def fit(self, X: Any, y: Any) -> Bayes:
        """X (n, d) dense, y (n,)."""
        weights = compute_sample_weight("balanced", y) if self.balanced else None
        self.estimator_ = GaussianNB(var_smoothing=self.smoothing).fit(X, y, sample_weight=weights)
        self.classes_ = self.estimator_.classes_
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, shape (n, k)."""
        return self.estimator_.predict_proba(X)

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class, shape (n,)."""
        return self.estimator_.predict(X)
