"""Additive models: a weighted sum of smooth curves, one for each number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.interpolate import BSpline
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import PowerTransformer

from core.catalog import Task

DEGREE = 3
KNOTS = 6  # quantiles of a number, the smallest and the largest among them
FEWEST_KNOTS = 4
FEWEST_VALUES = 10  # different ones, from which on a number gets a curve
MOST_CURVES = 100  # where there are more numbers, as in an embedding, they stay straight
WIDE = 2.0  # from this ratio of the largest to the smallest on, a positive target is made symmetric


def additive(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """A generalised additive model (Hastie and Tibshirani 1986): penalised sums of cubic splines."""
    if task == "regression":
        return AdditiveRegressor(C=settings["C"])
    return AdditiveClassifier(C=settings["C"], balanced=balanced)


class Curves(TransformerMixin, BaseEstimator):
    """Numbers, and beside each that has many values a basis of cubic splines, all of mean 0 and deviation 1.

    Beyond the smallest and the largest value of training a curve goes on as a straight line.

    Attributes
    ----------
    curved_ : int array
        Which numbers have a curve.
    knots_ : list of arrays
        Of each of these.
    """

    def fit(self, X: Any, y: Any = None) -> Curves:
        """X: numbers, shape (n, d)."""
        X = np.asarray(X, dtype=np.float64)
        self.n_features_in_ = X.shape[1]
        found = {place: knots for place, column in enumerate(X.T) if len(knots := _knots(column))}
        found = found if len(found) <= MOST_CURVES else {}
        self.curved_, self.knots_ = np.asarray(list(found), dtype=np.int64), list(found.values())
        made = self._basis(X)
        self.mean_, deviation = made.mean(axis=0), made.std(axis=0)
        self.scale_ = np.where(deviation > 0, deviation, 1.0)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """→  float, shape (n, d and eight for each curve)"""
        return (self._basis(np.asarray(X, dtype=np.float64)) - self.mean_) / self.scale_

    def _basis(self, X: np.ndarray) -> np.ndarray:
        parts = [X]
        for place, knots in zip(self.curved_, self.knots_, strict=True):
            whole = np.r_[[knots[0]] * DEGREE, knots, [knots[-1]] * DEGREE]
            column = np.clip(X[:, place], knots[0], knots[-1])
            parts.append(BSpline.design_matrix(column, whole, DEGREE).toarray())
        return np.hstack(parts)


class AdditiveRegressor(RegressorMixin, BaseEstimator):
    """A number as a sum of curves, with a ridge penalty.

    A positive target of a wide range is first made symmetric by a power or the logarithm, so that what multiplies it
    adds up. What is said stays within the range of training.

    Parameters
    ----------
    C : float
        Freedom: the penalty is 1 / C.

    References
    ----------
    Hastie and Tibshirani, "Generalized additive models", Statistical Science 1, 1986. Box and Cox, "An analysis of
    transformations", JRSS B 26, 1964.

    Examples
    --------
    >>> X = np.linspace(0, 9, 60)[:, None]
    >>> fitted = AdditiveRegressor(C=100.0).fit(X, np.exp(X[:, 0]))
    >>> bool(abs(fitted.predict([[2.0]])[0] - np.exp(2)) < 0.5)
    True
    """

    def __init__(self, C: float = 1.0) -> None:
        self.C = C

    def fit(self, X: Any, y: Any) -> AdditiveRegressor:
        """X (n, d), y (n,)."""
        y = np.asarray(y, dtype=np.float64)
        self.n_features_in_ = np.shape(X)[1]
        self.unit_, self.power_ = float(np.abs(y).max(initial=0.0)) or 1.0, None
        shaped = y / self.unit_
        if shaped.min() > 0 and shaped.max() >= WIDE * shaped.min():
            power = PowerTransformer("box-cox").fit(shaped[:, None])
            if np.allclose(power.inverse_transform(power.transform(shaped[:, None])), shaped[:, None], rtol=1e-6):
                self.power_, shaped = power, power.transform(shaped[:, None]).ravel()
        self.range_ = np.array([shaped.min(), shaped.max()])
        self.curves_ = Curves().fit(X)
        self.model_ = Ridge(alpha=1.0 / self.C).fit(self.curves_.transform(X), shaped)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Numbers, shape (n,)."""
        shaped = np.clip(self.model_.predict(self.curves_.transform(X)), *self.range_)
        if self.power_ is not None:
            shaped = self.power_.inverse_transform(shaped[:, None]).ravel()
        return np.asarray(shaped * self.unit_)


class AdditiveClassifier(ClassifierMixin, BaseEstimator):
    """Classes by logistic regression on curves.

    Parameters
    ----------
    C : float
        Freedom: 0.3 C is the inverse of the penalty.
    balanced : bool
        Whether rows weigh by the rarity of their class.

    References
    ----------
    Hastie and Tibshirani, "Generalized additive models", Statistical Science 1, 1986.
    """

    def __init__(self, C: float = 1.0, balanced: bool = False) -> None:
        self.C = C
        self.balanced = balanced

    def fit(self, X: Any, y: Any) -> AdditiveClassifier:
        """X (n, d), y (n,)."""
        self.n_features_in_ = np.shape(X)[1]
        self.curves_ = Curves().fit(X)
        weight = "balanced" if self.balanced else None
        self.model_ = LogisticRegression(C=0.3 * self.C, max_iter=2000, class_weight=weight)
        self.model_.fit(self.curves_.transform(X), y)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, shape (n, k)."""
        return np.asarray(self.model_.predict_proba(self.curves_.transform(X)))

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class, shape (n,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def _knots(column: np.ndarray) -> np.ndarray:
    """Quantiles that a curve bends at; none for a number of few values."""
    if len(np.unique(column)) < FEWEST_VALUES:
        return np.empty(0)
    knots = np.unique(np.quantile(column, np.linspace(0, 1, KNOTS)))
    return knots if len(knots) >= FEWEST_KNOTS else np.empty(0)
