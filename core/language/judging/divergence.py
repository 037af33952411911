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

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

from core.evaluate.result import Interval
from core.language.judging.uncertain import jackknife

SCALE = 5.0  # c
TEXTS_PER_CLUSTER = 10
MIXTURES = np.linspace(1e-6, 1 - 1e-6, 25)
KEPT_VARIANCE = 0.9
ADDED = 0.5
FEWEST = 4  # texts on either side


def divergence(written: np.ndarray, real: np.ndarray, seed: int = 0) -> Interval | None:
    """0: alike, 1: apart.  float (n, width), (m, width)  →  with its jackknife interval; None for too few texts"""
    if min(len(written), len(real)) < FEWEST:
        return None
    p, q = _histograms(written, real, seed)
    each_p = np.array([1 - area(_without(p, place), q) for place in range(len(p))])
    each_q = np.array([1 - area(p, _without(q, place)) for place in range(len(q))])
    # leaving out any text of one cluster gives the same value, so each counts as often as its cluster has texts
    return jackknife(
        1 - area(p, q),
        np.repeat(each_p, p.astype(int)),
        np.repeat(each_q, q.astype(int)),
        low=0,
        high=1,
    )


def _histograms(written: np.ndarray, real: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How many texts of each side are in each cluster."""
    both = np.concatenate([written, real]).astype(float)
    n_different = len(np.unique(both.round(6), axis=0))
    if n_different > 2:
        both = PCA(n_components=KEPT_VARIANCE, svd_solver="full", random_state=seed).fit_transform(both)
    n_clusters = max(2, round(min(len(written), len(real)) / TEXTS_PER_CLUSTER))
    labels = KMeans(min(n_clusters, n_different), n_init=5, random_state=seed).fit_predict(both)
    n_labels = int(labels.max()) + 1
    sides = labels[: len(written)], labels[len(written) :]
    p, q = (np.bincount(side, minlength=n_labels).astype(float) for side in sides)
    return p, q


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
