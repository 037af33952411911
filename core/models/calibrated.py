"""Probabilities for a classifier that only has margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.utils.class_weight import compute_sample_weight


class Calibrated(ClassifierMixin, BaseEstimator):
    """A classifier whose margins become probabilities by Platt's sigmoid, fitted on inner folds of the training rows.

    Where the estimator weights classes, the sigmoid is fitted with the same weights: an unweighted one would move the
    border back to where it was without them. With a class of a single row there is nothing to fit a sigmoid on; the
    softmax of the margins is used instead.

    Parameters
    ----------
    estimator : classifier with ``decision_function`` and ``class_weight``, taking ``sample_weight``

    Attributes
    ----------
    estimator_ : fitted classifier
    classes_ : array of shape (k,)

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines", 1999.
    """

    def __init__(self, estimator: BaseEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any) -> Calibrated:
        """X (n, d), y (n,)."""
        rarest = int(np.unique(y, return_counts=True)[1].min())
        inner = clone(self.estimator)
        if rarest > 1:
            weights = None if inner.class_weight is None else compute_sample_weight(inner.class_weight, y)
            inner.set_params(class_weight=None)  # each row's weight holds it, for margins and sigmoid alike
            self.estimator_ = CalibratedClassifierCV(inner, cv=min(3, rarest), ensemble=False)
            self.estimator_.fit(X, y, sample_weight=weights)
        else:
            self.estimator_ = inner.fit(X, y)
        self.classes_ = self.estimator_.classes_
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, shape (n, k)."""
        if hasattr(self.estimator_, "predict_proba"):
            return self.estimator_.predict_proba(X)
        margins = self.estimator_.decision_function(X)
        if margins.ndim == 1:
            margins = np.column_stack([-margins, margins])
        return softmax(margins, axis=1)

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class, so that labels and probabilities agree."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
