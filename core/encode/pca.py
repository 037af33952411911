"""Fewer numbers per text by principal components, fitted in the fold, with the share of variance they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.decomposition import PCA
from sklearn.utils.validation import check_is_fitted

from core.encode.batches import Progress
from core.messages import Message, _n, say


class Condensed(TransformerMixin, BaseEstimator):
    """An encoder followed by PCA that keeps a share of the variance.

    Parameters
    ----------
    encoder : transformer
        Texts to a dense array.
    variance : float
        Share to keep, between 0 and 1.

    Attributes
    ----------
    n_components_, n_features_out_ : int
    variance_kept_ : float
    """

    def __init__(self, encoder: BaseEstimator, variance: float = 0.9) -> None:
        self.encoder = encoder
        self.variance = variance

    @property
    def progress(self) -> Progress | None:
        """The encoder's."""
        return getattr(self.encoder, "progress", None)

    @progress.setter
    def progress(self, value: Progress | None) -> None:
        self.encoder.progress = value

    def fit(self, texts: Sequence[Any], y: object = None) -> Condensed:
        """Encode, then learn the directions."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[Any], y: object = None) -> np.ndarray:
        """Encode, learn the directions, project."""
        self.encoder_ = clone(self.encoder)
        self.encoder_.progress = self.progress
        rows = np.asarray(self.encoder_.fit_transform(texts))
        self.pca_ = PCA(self.variance, svd_solver="full" if len(rows) < rows.shape[1] else "covariance_eigh")
        if np.ptp(rows, axis=0).max(initial=0) > 0:
            self.pca_.fit(rows)
        else:  # all texts alike: nothing varies, one direction says so
            self.pca_ = PCA(1).fit(np.vstack([rows, rows + 1]))
            self.pca_.mean_ = rows[0].astype(self.pca_.mean_.dtype)
        self.n_components_ = self.n_features_out_ = len(self.pca_.components_)
        kept = float(self.pca_.explained_variance_ratio_.sum())
        self.variance_kept_ = kept
        self.n_encoded_ = rows.shape[1]
        return self._project(rows)

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Encode and project: n texts  →  float32 (n, n_components_)."""
        check_is_fitted(self, "pca_")
        self.encoder_.progress = self.progress
        return self._project(np.asarray(self.encoder_.transform(texts)))

    def describe(self) -> Message:
        """What was kept, as a sentence."""
        check_is_fitted(self, "pca_")
        return say(
            _n(
                "{kept} of {all} numbers keeps {share:.1%} of the variance.",
                "{kept} of {all} numbers keep {share:.1%} of the variance.",
                "kept",
            ),
            kept=self.n_components_,
            all=self.n_encoded_,
            share=self.variance_kept_,
        )

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per direction."""
        check_is_fitted(self, "pca_")
        return np.asarray([f"component_{number}" for number in range(self.n_components_)], dtype=object)

    def _project(self, rows: np.ndarray) -> np.ndarray:
        return self.pca_.transform(rows).astype(np.float32)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "pca_")
