"""A text model's margins as the point from which boosting starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, softmax
from sklearn.base import clone

from core.data.splits.inner import fit_with, inner_folds
from core.encode.batches import part
from core.fuse.assisted.base import FOLDS, Advised, Rows, one_thread
from core.fuse.ensemble import aligned
from core.fuse.predictor import Predictor

LEAST = 1e-4  # the smallest probability an adviser may give: a class that it did not know is not impossible


class BoostedMargins(Advised):
    """Boosting that starts where a text model stands.

    The first score of a row is the prior (log share of the class, or the mean) plus trust × (the adviser's margin −
    the prior); trees correct it. A training row's margin comes from an adviser that was fitted on other inner folds;
    a new row's from the adviser that was fitted on all of them. Trust 0 is plain boosting, to the last digit.

    Parameters
    ----------
    parent : Candidate
        Its model is LightGBM's.
    adviser : Predictor
        Gives probabilities, or numbers.

    Attributes
    ----------
    adviser_ : Predictor, fitted on all training rows; absent with trust 0
    prior_ : array, shape (k,), or float

    References
    ----------
    Jayawardhana et al., "Transformers Boost the Performance of Decision Trees on Tabular Data across Sample Sizes"
    (LLM-Boost), 2025.
    """

    badge = "out-of-fold"

    def _begin(self, rows: Rows, advised: bool) -> tuple[Any, np.ndarray, np.ndarray | None]:
        self.prior_ = rows.y.mean() if self.task == "regression" else self._log_shares(rows.y)
        margins = self._out_of_fold(rows) if advised else None
        if advised:
            self.adviser_ = self._adviser_of(rows)
        return self._features(rows.X, rows.y), rows.y, margins

    def _learn(self, material: tuple[Any, np.ndarray, np.ndarray | None], trust: float) -> None:
        made, y, margins = material
        self.trust_ = trust
        self.model_ = clone(self.parent.model)
        if trust == 0 or margins is None:
            self.model_.fit(made, y)
        else:
            self.known_ = np.arange(1) if self.task == "regression" else np.unique(y)
            self.model_.fit(made, y, init_score=self._start(margins))
        one_thread(self.model_)

    def _seen(self, X: pd.DataFrame, advised: bool) -> tuple[Any, np.ndarray | None]:
        return self._made(X), self._margins(self.adviser_, X) if advised else None

    def _answer(self, seen: tuple[Any, np.ndarray | None]) -> np.ndarray:
        made, margins = seen
        if self.trust_ == 0 or margins is None:
            return self._said(self.model_, made)
        scores = self.model_.predict(made, raw_score=True) + self._start(margins)
        if self.task == "regression":
            return scores
        full = np.zeros((len(scores), len(self.classes_)))
        full[:, self.known_] = softmax(scores, axis=1) if scores.ndim == 2 else _two(scores)
        return full

    def _forget(self) -> None:
        if self.trust_ == 0:
            self.__dict__.pop("adviser_", None)

    def _start(self, margins: np.ndarray) -> np.ndarray:
        """Where boosting starts: margins (n, k) or (n,)  →  (n, known classes), (n,) for two; (n,) for numbers."""
        start = self.prior_ + self.trust_ * (margins - self.prior_)
        if self.task == "regression":
            return start
        start = start[:, self.known_]
        return start[:, 1] - start[:, 0] if start.shape[1] == 2 else start

    def _out_of_fold(self, rows: Rows) -> np.ndarray:
        """Each row's margin by an adviser that has not seen its label."""
        found = np.empty(len(rows.y)) if self.task == "regression" else np.empty((len(rows.y), len(self.classes_)))
        found[:] = self.prior_
        folds = (
            inner_folds(self.task, rows.y, self.seed + 1, FOLDS, rows.dependence) if len(rows.y) >= 2 * FOLDS else []
        )
        for number, (train, test) in enumerate(folds):
            if self.task != "regression" and len(np.unique(rows.y[train])) < 2:
                continue
            with part(number, len(folds)):
                fitted = self._adviser_of(rows.take(train))
            found[test] = self._margins(fitted, rows.X.iloc[test])
        return found

    def _adviser_of(self, rows: Rows) -> Predictor:
        """An adviser fitted on these rows."""
        made: Predictor = fit_with(clone(self.adviser), rows.X, self._labels(rows), rows.dependence)
        return made

    def _margins(self, adviser: Predictor, X: pd.DataFrame) -> np.ndarray:
        """Log-probabilities (n, k), or numbers (n,)."""
        prediction, probabilities = adviser.predict_both(X)
        full = aligned(probabilities, adviser, [str(label) for label in getattr(self, "classes_", [])])
        return prediction if full is None else np.log(np.clip(full, LEAST, 1.0))

    def _log_shares(self, y: np.ndarray) -> np.ndarray:
        """Of the rows as they are weighted: where classes weigh the same, those that there are have equal shares."""
        counts = np.bincount(y, minlength=len(self.classes_))
        if getattr(self.parent.model, "class_weight", None) == "balanced":
            counts = (counts > 0).astype(int)
        return np.log(np.maximum(counts / counts.sum(), LEAST))


def _two(scores: np.ndarray) -> np.ndarray:
    """Log-odds (n,)  →  probabilities of both classes (n, 2)."""
    second = expit(scores)
    return np.column_stack([1 - second, second])
