"""Probabilities for a classifier that only has margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.utils.class_weight import compute_sample_weight

from core.data.splits.inner import Dependence, inner_folds

FOLDS = 3
FLAT = 1e-3  # log-odds per deviation of the margin
DEALS = 5  # ways to deal groups out to folds that are tried


class Calibrated(ClassifierMixin, BaseEstimator):
    """A classifier whose margins become probabilities by Platt's sigmoid, fitted on inner folds of the training rows.

    Where the estimator weights classes, the sigmoid is fitted with the same weights: an unweighted one would move the
    border back to where it was without them. With a class of a single row, or one whose rows are all of one group,
    there is nothing to fit a sigmoid on; the softmax of the margins is used instead.

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

    def fit(self, X: Any, y: Any, dependence: Dependence | None = None) -> Calibrated:
        """X (n, d), y (n,); dependence: of the rows, for the inner folds."""
        y = np.asarray(y)
        inner = clone(self.estimator)
        weights = None if inner.class_weight is None else compute_sample_weight(inner.class_weight, y)
        inner.set_params(class_weight=None)  # each row's weight holds it, for margins and sigmoid alike
        if not _independent(dependence):
            self.estimator_ = self._by_held_out_margins(inner, X, y, weights, dependence)
        elif (rarest := int(np.unique(y, return_counts=True)[1].min())) > 1:
            self.estimator_ = CalibratedClassifierCV(inner, cv=min(FOLDS, rarest), ensemble=False)
            self.estimator_.fit(X, y, sample_weight=weights)
        else:
            self.estimator_ = clone(self.estimator).fit(X, y)
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

    def _by_held_out_margins(
        self, inner: BaseEstimator, X: Any, y: np.ndarray, weights: np.ndarray | None, dependence: Dependence | None
    ) -> Any:
        """The classifier fitted on all rows, with sigmoids fitted on margins of rows that were held back.

        scikit-learn's own inner folds must hold back every row once; by time, the earliest never are.
        """
        fitted = inner.fit(X, y, sample_weight=weights)
        folds = _folds_of_all_classes(y, dependence)
        if not folds:
            return fitted
        held = np.concatenate([test for _train, test in folds])
        margins = np.concatenate(
            [
                clone(inner).fit(X[train], y[train], sample_weight=_some(weights, train)).decision_function(X[test])
                for train, test in folds
            ]
        )
        every = np.arange(len(held))
        made = CalibratedClassifierCV(AsGiven(), cv=[(every, every)], ensemble=False)
        made.fit(margins, y[held], sample_weight=_some(weights, held))
        made.estimator, made.cv = clone(self.estimator), FOLDS  # neither stand-in nor row numbers stay behind
        made.calibrated_classifiers_[0].estimator = fitted
        sigmoids = made.calibrated_classifiers_[0].calibrators
        _upright(sigmoids, margins.reshape(len(held), -1), y[held], _some(weights, held))
        made.n_features_in_ = X.shape[1]
        return made


class AsGiven(ClassifierMixin, BaseEstimator):
    """Takes margins (n,) or (n, k) for rows, and returns them."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> AsGiven:
        """Only which classes there are."""
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """X as it is."""
        return np.asarray(X)

    def predict(self, X: Any) -> np.ndarray:
        """The class with the largest margin."""
        margins = np.asarray(X)
        return self.classes_[(margins > 0).astype(int) if margins.ndim == 1 else margins.argmax(axis=1)]


def _some(weights: np.ndarray | None, places: np.ndarray) -> np.ndarray | None:
    return None if weights is None else weights[places]


def _upright(sigmoids: list[Any], margins: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> None:
    """Flatten sigmoids that fall with the margin: the class's share for all rows, in the order of the margins.

    Where a group is held back, the others have more rows of the other class, so margins that say nothing about new
    groups point the wrong way; a falling sigmoid would turn every prediction round.
    """
    classes = np.unique(y)
    positive = classes[1:] if len(classes) == 2 else classes
    for sigmoid, column, label in zip(sigmoids, margins.T, positive, strict=True):
        if sigmoid.a_ >= 0:  # P = 1 / (1 + exp(a · margin + b))
            share = float(np.average(y == label, weights=weights))
            sigmoid.a_ = -FLAT / max(float(np.std(column)), np.finfo(float).tiny)
            sigmoid.b_ = float(np.log((1 - share) / share)) - sigmoid.a_ * float(np.mean(column))


def _independent(dependence: Dependence | None) -> bool:
    if dependence is None or (dependence.groups is None and dependence.times is None):
        return True
    return dependence.times is None and len(np.unique(np.asarray(dependence.groups))) == len(
        np.asarray(dependence.groups)
    )


def _folds_of_all_classes(y: np.ndarray, dependence: Dependence | None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Inner folds whose training parts know every class, and whose test parts together hold every class; or none."""
    codes = np.unique(y, return_inverse=True)[1]
    k = int(codes.max()) + 1
    for seed in range(DEALS):
        folds = [
            (train, test)
            for train, test in inner_folds("multiclass", codes, seed, FOLDS, dependence)
            if len(np.unique(codes[train])) == k
        ]
        if folds and len(np.unique(np.concatenate([codes[test] for _train, test in folds]))) == k:
            return folds
    return []
