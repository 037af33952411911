"""What a language model makes of the names of the classes, as features beside all others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from scipy.special import softmax
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

from core.data.splits.inner import fit_with
from core.fuse.assisted.base import Advised, Rows, one_thread
from core.fuse.ensemble import aligned
from core.models.fitting import fit_model

LEAST = 1e-6


class Probabilities(Advised):
    """Zero-shot probabilities beside columns and word counts.

    Two models of the parent's kind are fitted: one sees the parent's features, the other also the adviser's
    log-probabilities, each scaled to deviation 1. The answer's log-probabilities are the weighted mean of theirs, the
    second one's weight being the trust.

    Parameters
    ----------
    parent : Candidate
    adviser : Predictor
        Learns nothing from rows but which classes there are.

    Attributes
    ----------
    adviser_, scaler_, model_ : fitted; absent with trust 0
    plain_ : the model that sees no advice
    """

    def _advise(self, rows: Rows) -> Rows:
        self.adviser_ = fit_with(clone(self.adviser), rows.X, self._labels(rows), rows.dependence)
        return rows

    def _shared(self) -> tuple[str, ...]:
        return ("adviser_",)

    def _begin(self, rows: Rows, advised: bool) -> None:
        made = self._features(rows.X, rows.y)
        self.plain_ = self.model_ = one_thread(self._model(made, rows))
        if advised:
            hints = self._hints(rows.X)
            self.scaler_ = StandardScaler().fit(hints)
            self.model_ = one_thread(self._model(self._beside(made, hints), rows))

    def _model(self, made: Any, rows: Rows) -> Any:
        """The parent's model, fitted on features of these rows."""
        return fit_model(clone(self.parent.model), made, rows.y, rows.dependence)

    def _learn(self, material: None, trust: float) -> None:
        self.trust_ = trust

    def _seen(self, X: pd.DataFrame, advised: bool) -> tuple[np.ndarray, np.ndarray | None]:
        made = self._made(X)
        with_advice = self._said(self.model_, self._beside(made, self._hints(X))) if advised else None
        return self._said(self.plain_, made), with_advice

    def _answer(self, seen: tuple[np.ndarray, np.ndarray | None]) -> np.ndarray:
        plain, with_advice = seen
        if self.trust_ == 0 or with_advice is None:
            return plain
        if self.trust_ == 1:
            return with_advice
        mean = (1 - self.trust_) * np.log(np.maximum(plain, LEAST)) + self.trust_ * np.log(
            np.maximum(with_advice, LEAST)
        )
        return softmax(mean, axis=1)

    def _forget(self) -> None:
        if self.trust_ == 0:
            self.model_ = self.plain_
            for name in ("adviser_", "scaler_"):
                self.__dict__.pop(name, None)

    def _hints(self, X: pd.DataFrame) -> np.ndarray:
        """The adviser's log-probabilities, shape (n, k)."""
        full = aligned(self.adviser_.predict_both(X)[1], self.adviser_, [str(label) for label in self.classes_])
        assert full is not None
        return np.log(np.maximum(full, LEAST))

    def _beside(self, made: Any, hints: np.ndarray) -> Any:
        scaled = self.scaler_.transform(hints)
        return (
            scipy.sparse.hstack([made, scaled], format="csr")
            if scipy.sparse.issparse(made)
            else np.hstack([made, scaled])
        )
