"""Word counts: what language models are measured against. All three learn a vocabulary, so they are fitted in folds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from core.encode.batches import Progress, as_texts
from core.encode.words import ANY_WORD, SPACED_WORD, spaced

RARE_ROWS = 500  # from so many rows on, a word must occur in two of them
NO_WORD = "\0"  # the only entry of the vocabulary of texts without any word: its column is zero everywhere


class BagOfWords(TransformerMixin, BaseEstimator):
    """Count words.

    Parameters
    ----------
    language : str, such as "en", "zh", ""
        Decides how words are found.
    max_features : int
        The most frequent words that are kept.

    Attributes
    ----------
    n_features_out_ : int
    """

    progress: Progress | None = None

    def __init__(self, language: str = "", max_features: int = 20_000) -> None:
        self.language = language
        self.max_features = max_features

    def fit(self, texts: Sequence[Any], y: object = None) -> BagOfWords:
        """Learn the vocabulary."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[Any], y: object = None) -> scipy.sparse.csr_matrix:
        """Learn the vocabulary and count."""
        self.words_, counts = _learn(
            CountVectorizer,
            _spaced(texts, self.language),
            token_pattern=_pattern(self.language),
            max_features=self.max_features,
        )
        self.n_features_out_ = counts.shape[1]
        return counts.astype(np.float32)

    def transform(self, texts: Sequence[Any]) -> scipy.sparse.csr_matrix:
        """Count: n texts  →  sparse float32 (n, n_features_out_)."""
        check_is_fitted(self, "words_")
        return self.words_.transform(_spaced(texts, self.language)).astype(np.float32)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """The words."""
        check_is_fitted(self, "words_")
        return self.words_.get_feature_names_out()


class Tfidf(TransformerMixin, BaseEstimator):
    """Weigh words, pairs of words and pieces of words by how rare they are; unit rows.

    Parameters
    ----------
    language : str, such as "en", "zh", ""
        Decides how words are found; pieces are 3 to 5 letters within words, or 1 to 3 characters in Chinese.
    max_features : int
        The most frequent entries that are kept, of words and of pieces each.

    Attributes
    ----------
    n_features_out_ : int
    """

    progress: Progress | None = None

    def __init__(self, language: str = "", max_features: int = 30_000) -> None:
        self.language = language
        self.max_features = max_features

    def fit(self, texts: Sequence[Any], y: object = None) -> Tfidf:
        """Learn the vocabulary."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[Any], y: object = None) -> scipy.sparse.csr_matrix:
        """Learn the vocabulary and weigh."""
        plain = as_texts(texts)
        chinese = self.language == "zh"
        settings: dict[str, Any] = {"sublinear_tf": True, "max_features": self.max_features, "dtype": np.float32}
        self.words_, words = _learn(
            TfidfVectorizer,
            _spaced(plain, self.language),
            ngram_range=(1, 2),
            token_pattern=_pattern(self.language),
            **settings,
        )
        self.pieces_, pieces = _learn(
            TfidfVectorizer,
            plain,
            analyzer="char" if chinese else "char_wb",
            ngram_range=(1, 3) if chinese else (3, 5),
            **settings,
        )
        self.n_features_out_ = words.shape[1] + pieces.shape[1]
        return _joined(words, pieces)

    def transform(self, texts: Sequence[Any]) -> scipy.sparse.csr_matrix:
        """Weigh: n texts  →  sparse float32 (n, n_features_out_)."""
        check_is_fitted(self, "words_")
        plain = as_texts(texts)
        return _joined(self.words_.transform(_spaced(plain, self.language)), self.pieces_.transform(plain))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """The words, then the pieces in quotation marks."""
        check_is_fitted(self, "words_")
        pieces = [f"“{piece}”" for piece in self.pieces_.get_feature_names_out()]
        return np.asarray([*self.words_.get_feature_names_out(), *pieces], dtype=object)


class TfidfSvd(TransformerMixin, BaseEstimator):
    """TF-IDF condensed into few numbers, so that trees can use it; unit rows.

    Parameters
    ----------
    language : str, such as "en", "zh", ""
    n_components : int
        Numbers per text, at most; fewer where there are fewer rows or words.
    seed : int

    Attributes
    ----------
    n_features_out_ : int

    References
    ----------
    Deerwester et al., "Indexing by Latent Semantic Analysis", JASIS 1990.
    """

    progress: Progress | None = None

    def __init__(self, language: str = "", n_components: int = 128, seed: int = 0) -> None:
        self.language = language
        self.n_components = n_components
        self.seed = seed

    def fit(self, texts: Sequence[Any], y: object = None) -> TfidfSvd:
        """Learn vocabulary and directions."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[Any], y: object = None) -> np.ndarray:
        """Learn vocabulary and directions, and condense."""
        self.tfidf_ = Tfidf(self.language)
        weights = self.tfidf_.fit_transform(texts)
        self.svd_ = TruncatedSVD(min(self.n_components, *weights.shape), random_state=self.seed)
        if weights.nnz:
            with np.errstate(divide="ignore", invalid="ignore"):  # a share of no variance, where all texts are alike
                self.svd_.fit(weights)
        else:  # no text has a word: one direction, on which everything is zero
            self.svd_.components_ = np.zeros((1, weights.shape[1]), dtype=np.float32)
        self.n_features_out_ = len(self.svd_.components_)
        return self._condensed(weights)

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Condense: n texts  →  float32 (n, n_features_out_), unit rows."""
        check_is_fitted(self, "svd_")
        return self._condensed(self.tfidf_.transform(texts))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """One name per direction."""
        check_is_fitted(self, "svd_")
        return np.asarray([f"tfidf_{number}" for number in range(self.n_features_out_)], dtype=object)

    def _condensed(self, weights: scipy.sparse.csr_matrix) -> np.ndarray:
        return normalize(weights @ self.svd_.components_.T).astype(np.float32)


def _learn(kind: type, texts: list[str], **settings: Any) -> tuple[Any, scipy.sparse.csr_matrix]:
    """A fitted vectorizer and what it says of `texts`: without rare entries, with them, or without any entry."""
    for choice in ({"min_df": 2 if len(texts) >= RARE_ROWS else 1}, {"min_df": 1}, {"vocabulary": {NO_WORD: 0}}):
        vectorizer = kind(**{**settings, **choice})
        try:
            return vectorizer, vectorizer.fit_transform(texts)
        except ValueError as error:
            if "vocabulary" not in str(error) and "no terms remain" not in str(error):
                raise
    raise AssertionError("a fixed vocabulary is never empty")


def _pattern(language: str) -> str:
    return ANY_WORD if language == "zh" else SPACED_WORD


def _spaced(texts: Sequence[Any], language: str) -> list[str]:
    return [spaced(text, language) for text in as_texts(texts)]


def _joined(words: scipy.sparse.csr_matrix, pieces: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    return scipy.sparse.hstack([words, pieces], format="csr", dtype=np.float32) * np.float32(np.sqrt(0.5))
