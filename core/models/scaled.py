"""Targets of any size: what depends on the unit of the target is fitted on a target of size one."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.svm import SVR

USUAL = 1e-4, 1e6  # deviations of a target that every model takes as it is
DECIMALS = 9  # of a target in its standard deviations
LARGEST = np.finfo(np.float64).max


class UnitSVR(SVR):
    """A support vector regression whose C and tube are in standard deviations of the target.

    So its answer is the same whatever unit the target is in; scikit-learn's tube of 0.1 covers the whole of a target of
    thousandths and nothing of one of millions. What is fitted is a plain `SVR`, in the target's own unit.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> UnitSVR:
        """X (n, d), y (n,)."""
        y = np.asarray(y, dtype=np.float64)
        middle, spread = y.mean(), y.std() or 1.0
        # rounded, or the last bit of a target in another unit would decide where the search for a solution ends
        super().fit(X, np.round((y - middle) / spread, DECIMALS), sample_weight)
        own: Any = self  # scikit-learn declares no types for what it learns
        own._dual_coef_ = own.dual_coef_ = own._dual_coef_ * spread
        own._intercept_ = own.intercept_ = own._intercept_ * spread + middle
        own.spread_ = float(spread)  # what C and the tube were multiplied by
        return self


class Rescaled(RegressorMixin, BaseEstimator):
    """A fitted model of a target that was divided by a number, in the target's own unit.

    Parameters
    ----------
    estimator : fitted regressor
    factor : float
        A power of two, so that nothing is rounded.
    """

    def __init__(self, estimator: BaseEstimator, factor: float) -> None:
        self.estimator = estimator
        self.factor = factor

    def fit(self, X: Any, y: Any) -> Rescaled:
        """X (n, d), y (n,)."""
        self.estimator.fit(X, np.asarray(y, dtype=np.float64) / self.factor)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Numbers in the target's unit, at most the largest there is, shape (n,)."""
        return restored(self.estimator.predict(X), self.factor)

    @property
    def n_features_in_(self) -> int:
        """Numbers per row."""
        return int(self.estimator.n_features_in_)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def unscaled(candidate: Any) -> tuple[Any, float]:
    """A fitted candidate's model as it sees a divided target, and what its answers are multiplied by; None, 1 of none.

    A candidate keeps the factor in its model (`Rescaled`), an advised one beside it, since its advice is divided, too.
    """
    model = getattr(candidate, "model_", None)
    if isinstance(model, Rescaled):
        return model.estimator, float(model.factor)
    return model, float(getattr(candidate, "factor_", 1.0))


def restored(numbers: Any, factor: float) -> np.ndarray:
    """Numbers that were divided by a factor, in their own unit again, at most the largest there is; any shape."""
    with np.errstate(over="ignore"):
        return np.clip(np.asarray(numbers, dtype=np.float64) * factor, -LARGEST, LARGEST)


def factor_of(y: np.ndarray) -> float:
    """What to divide a target by so that its deviation is about 1: a power of two, or 1 where it is of a usual size.

    Sums of squares of numbers beyond 1e154 are endless, and below 1e-8 scikit-learn's trees take all rows for alike.
    """
    largest = float(np.abs(y).max(initial=0.0))
    if largest == 0:
        return 1.0
    spread = float((y / largest).std()) * largest
    if spread == 0 or USUAL[0] <= spread <= USUAL[1]:
        return 1.0
    return float(2.0 ** np.clip(np.round(np.log2(spread)), -1000, 1000))
