"""From embeddings to a plane, to clusters, and to the words that set a cluster apart.

References
----------
McInnes, Healy and Melville, "UMAP", 2018. Campello, Moulavi and Sander, "Density-based clustering based on hierarchical
density estimates", PAKDD 2013 (HDBSCAN). Grootendorst, "BERTopic", 2022 (words of a cluster by class-based TF-IDF).
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from core.encode.words import ANY_WORD, SPACED_WORD, spaced
from core.results.embedding_map import APART, Cluster, Method

CONDENSED = 50  # numbers that word counts are condensed to
FOR_DENSITY = 10  # principal components that density is looked for in
NEIGHBOURS = 15
MOST_WORDS = 6


def condensed(rows: Any, seed: int) -> np.ndarray:
    """Word counts as few numbers, unit rows; an embedding stays as it is.  (n, d)  →  (n, at most d)"""
    if not scipy.sparse.issparse(rows):
        return np.asarray(rows, dtype=np.float64)
    parts = max(1, min(CONDENSED, rows.shape[0] - 1, rows.shape[1] - 1))
    return normalize(TruncatedSVD(parts, random_state=seed).fit_transform(rows))


def plane(rows: np.ndarray, method: Method, seed: int) -> tuple[np.ndarray, list[float]]:
    """Places in the plane, and the share of the variance that the first two principal components keep.

    rows: (n, d)  →  (n, 2), two shares
    """
    pca = PCA(min(2, *rows.shape), svd_solver="full")
    flat = pca.fit_transform(rows)
    flat = np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))
    shares = np.nan_to_num(pca.explained_variance_ratio_).tolist()
    return (flat if method == "pca" else _umap(rows, seed)), shares


def _umap(rows: np.ndarray, seed: int) -> np.ndarray:
    umap = importlib.import_module("umap")  # compiles for many seconds: only for those who choose it
    fitted = umap.UMAP(
        n_neighbors=max(2, min(NEIGHBOURS, len(rows) // 2)), metric="cosine", random_state=seed, n_jobs=1
    )
    return np.asarray(fitted.fit_transform(rows), dtype=np.float64)


def clustered(rows: np.ndarray, n_clusters: int, seed: int) -> np.ndarray:
    """The cluster of each row: by k-means, or with `n_clusters` 0 by density, where a row may belong to none.

    →  int (n,); numbered by size, the largest 0
    """
    if n_clusters == 0:
        few = PCA(min(FOR_DENSITY, *rows.shape), svd_solver="full").fit_transform(rows)
        found = HDBSCAN(min_cluster_size=max(5, len(rows) // 50), copy=True).fit_predict(few)
    else:
        n_different = len(np.unique(rows, axis=0))
        found = KMeans(min(n_clusters, n_different), n_init=4, random_state=seed).fit_predict(rows)
    numbers, counts = np.unique(found[found >= 0], return_counts=True)
    order = {int(numbers[place]): rank for rank, place in enumerate(np.argsort(-counts, kind="stable"))}
    return np.asarray([order.get(int(one), APART) for one in found])


def clusters(numbers: np.ndarray, texts: Sequence[str], errors: np.ndarray, language: str) -> list[Cluster]:
    """Each cluster with its size, its words and its mean error (NaN where a row was not scored)."""
    told = keywords(texts, numbers, language)
    found = []
    for number in sorted(set(numbers.tolist()), key=lambda one: (one == APART, one)):
        inside = errors[numbers == number]
        scored = inside[~np.isnan(inside)]
        error = float(scored.mean()) if len(scored) else None
        words = told.get(number, [])
        found.append(Cluster(number=number, n_rows=len(inside), words=words, error=error))
    return found


def keywords(texts: Sequence[str], numbers: np.ndarray, language: str) -> dict[int, list[str]]:
    """Words that are frequent in a cluster and rare in all others: tf · ln(1 + mean words per cluster / f)."""
    stop = "english" if language in {"en", ""} else None
    pattern = ANY_WORD if language == "zh" else SPACED_WORD
    counter = CountVectorizer(stop_words=stop, token_pattern=pattern, max_features=20_000)
    try:
        counts = counter.fit_transform([spaced(text, language) for text in texts])  # (n, words)
    except ValueError:  # no words at all
        return {}
    names = counter.get_feature_names_out()
    every = sorted(set(numbers.tolist()))
    member = scipy.sparse.csr_matrix(
        (np.ones(len(numbers)), (np.searchsorted(every, numbers), np.arange(len(numbers)))),
        shape=(len(every), len(numbers)),
    )
    frequency = (member @ counts).toarray()  # (clusters, words)
    weight = frequency * np.log1p(frequency.sum() / len(every) / np.maximum(1, frequency.sum(axis=0)))
    return {
        number: [str(names[place]) for place in np.argsort(-row, kind="stable")[:MOST_WORDS] if row[place] > 0]
        for number, row in zip(every, weight, strict=True)
    }
