"""How far a model's texts are from real ones as two clouds of embeddings: after MAUVE, but not the official one.

Both clouds are cut into the same k clusters, which gives two histograms P and Q. For mixtures R = w P + (1 - w) Q the
points (e^(-c KL(Q|R)), e^(-c KL(P|R))) draw the divergence frontier; the area under it is 1 for equal histograms and
0 for those without a common cluster. Here divergence = 1 - area.

Unlike the official one: embeddings of the bundled sentence encoder (not GPT-2's), tens of texts (not thousands), and
half a text added to each cluster, as Pillutla et al. (2023) advise for small samples.

References
----------
Pillutla et al., "MAUVE: Measuring the gap between neural text and human text using divergence frontiers", NeurIPS 2021.
Pillutla et al., "MAUVE scores for generative models: theory and practice", JMLR 24, 2023.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from core.language.judging.uncertain import jackknife
from core.results.comparison import Interval

SCALE = 5.0  # c
TEXTS_PER_CLUSTER = 6
CLUSTERINGS = 10  # k-means from so many starts; the mean of their divergences
MIXTURES = np.linspace(1e-6, 1 - 1e-6, 25)
KEPT_VARIANCE = 0.9
ADDED = 0.5
FEWEST = 4  # texts on either side


def divergence(written: np.ndarray, real: np.ndarray, seed: int = 0) -> Interval | None:
    """0: alike, 1: apart.  float (n, width), (m, width)  →  with its jackknife interval; None for too few texts"""
    if min(len(written), len(real)) < FEWEST:
        return None
    found = [_once(*labels) for labels in _clusterings(written, real, seed)]
    values, without_one_written, without_one_real = (np.mean(one, axis=0) for one in zip(*found, strict=True))
    return jackknife(float(values), without_one_written, without_one_real, low=0, high=1)


def _clusterings(written: np.ndarray, real: np.ndarray, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each text's cluster, of both sides, for several starts."""
    both = np.concatenate([written, real]).astype(float)
    n_different = len(np.unique(both.round(6), axis=0))
    if n_different > 2:
        both = PCA(n_components=KEPT_VARIANCE, svd_solver="full", random_state=seed).fit_transform(both)
    n_clusters = min(n_different, max(2, round(min(len(written), len(real)) / TEXTS_PER_CLUSTER)))
    for start in range(CLUSTERINGS):
        labels = KMeans(n_clusters, n_init=5, random_state=CLUSTERINGS * seed + start).fit_predict(both)
        yield labels[: len(written)], labels[len(written) :]


def _once(written: np.ndarray, real: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The divergence, and what it is with each text of either side left out."""
    n_clusters = int(max(written.max(), real.max())) + 1
    p, q = (np.bincount(labels, minlength=n_clusters).astype(float) for labels in (written, real))
    without_p = np.array([1 - area(_without(p, place), q) for place in range(n_clusters)])
    without_q = np.array([1 - area(p, _without(q, place)) for place in range(n_clusters)])
    return 1 - area(p, q), without_p[written], without_q[real]


def _without(counts: np.ndarray, place: int) -> np.ndarray:
    left = counts.copy()
    left[place] = max(0.0, left[place] - 1)
    return left


def area(p_counts: np.ndarray, q_counts: np.ndarray) -> float:
    """The area under the divergence frontier of two histograms, 0 to 1."""
    p, q = ((counts + ADDED) / (counts + ADDED).sum() for counts in (p_counts, q_counts))
    mixed = MIXTURES[:, None] * p + (1 - MIXTURES[:, None]) * q
    x = np.exp(-SCALE * (q * np.log(q / mixed)).sum(axis=1))  # falls from 1 as the mixture goes over to p
    y = np.exp(-SCALE * (p * np.log(p / mixed)).sum(axis=1))
    x, y = np.r_[1.0, x, 0.0], np.r_[0.0, y, 1.0]
    return float(np.trapezoid(y[::-1], x[::-1]))
