"""Weighted sums: logistic regression, ridge, linear support vector machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC, LinearSVR

from core.catalog import Task
from core.models.calibrated import Calibrated


def linear(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """Logistic regression for classes (L2), ridge regression with penalty 10/C for numbers."""
    if task == "regression":
        return Ridge(alpha=10.0 / settings["C"], random_state=seed)
    weight = "balanced" if balanced else None
    return LogisticRegression(C=settings["C"], max_iter=2000, class_weight=weight, random_state=seed)


def svm_linear(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """A linear SVM: squared hinge with calibrated probabilities for classes, epsilon-insensitive loss for numbers."""
    if task == "regression":
        return LinearSVR(C=settings["C"], loss="squared_epsilon_insensitive", dual="auto", random_state=seed)
    weight = "balanced" if balanced else None
    return Calibrated(LinearSVC(C=settings["C"], class_weight=weight, dual="auto", random_state=seed))
