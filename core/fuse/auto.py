"""Automatic choice: several candidates by inner cross-validation, the best one fitted on all training rows."""

from __future__ import annotations

import time
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.evaluate.points import point
from core.fuse.candidate import aligned, inner_folds
from core.fuse.predictor import FrozenWork, Predictor
from core.messages import Message, _, say

POOL = ("columns", "columns+boosting", "text-tfidf", "cooperative", "cooperative+boosting", "cooperative@words")


class Automatic(BaseEstimator):
    """The best of several candidates by three inner folds; ties go to the one named first.

    Parameters
    ----------
    pool : list of (name, Predictor)
    task, metric, seed
    budget_seconds : float, optional
        No further candidate is begun after this; the first one always is.

    Attributes
    ----------
    best_ : Predictor, fitted on all rows
    chosen_ : str
    scores_ : dict, name → mean score over the inner folds
    """

    def __init__(
        self,
        pool: list[tuple[str, Predictor]],
        task: Task = "multiclass",
        metric: str = "accuracy",
        seed: int = 0,
        budget_seconds: float | None = None,
    ) -> None:
        self.pool = pool
        self.task = task
        self.metric = metric
        self.seed = seed
        self.budget_seconds = budget_seconds

    def fit(self, X: pd.DataFrame, y: Any) -> Automatic:
        """X: source columns, n rows; y: labels (str) or numbers, shape (n,)."""
        y = np.asarray(y)
        labels, codes = (
            (np.array([], dtype=str), y) if self.task == "regression" else np.unique(y.astype(str), return_inverse=True)
        )
        classes = [str(label) for label in labels]
        folds = inner_folds(self.task, codes, self.seed)
        self.scores_: dict[str, float] = {}
        began = time.monotonic()
        for name, candidate in self.pool:
            if self.scores_ and self.budget_seconds is not None and time.monotonic() - began > self.budget_seconds:
                break
            scores = []
            for train, test in folds:
                fitted = clone(candidate).fit(X.iloc[train], y[train])
                prediction, probabilities = fitted.both(X.iloc[test])
                full = aligned(probabilities, fitted, classes)
                scores.append(point(self.metric, self.task, y[test], prediction, full, classes))
            self.scores_[name] = float(np.nanmean(scores))
        self.chosen_ = max(self.scores_, key=lambda name: self.scores_[name])
        self.best_ = clone(dict(self.pool)[self.chosen_]).fit(X, y)
        return self

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """What all of the pool can have encoded beforehand."""
        return [work for _name, candidate in self.pool for work in candidate.frozen_work(X)]

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """It learns which one is best, in the fold."""
        return "fitted-in-fold"

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """What the chosen one says, shape (n,)."""
        return self.best_.predict(X)

    def both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """Prediction and probabilities of the chosen one."""
        return self.best_.both(X)

    @property
    def classes_(self) -> np.ndarray:
        return self.best_.classes_

    def rule(self) -> Message:
        """Which candidate was chosen, and by what."""
        check_is_fitted(self, "best_")
        return say(
            _("“{chosen}” was chosen of {n} by three inner folds (score {score:.3f})."),
            chosen=self.chosen_,
            n=len(self.scores_),
            score=self.scores_[self.chosen_],
        )
