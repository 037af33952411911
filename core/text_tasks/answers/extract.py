"""Choosing the most telling sentences of a text, without a language model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np

from core.text_tasks.words import stems

DAMPING = 0.85
TOLERANCE = 1e-8
MOST_ROUNDS = 200


def chosen(
    parts: Sequence[str], n: int, method: Literal["textrank", "tfidf"] = "textrank"
) -> tuple[list[int], np.ndarray]:
    """Places of the `n` most telling sentences in the order of the text, and every sentence's weight, shape (s,)."""
    if not parts:
        return [], np.zeros(0)
    weights = textrank(parts) if method == "textrank" else tfidf(parts)
    best = np.argsort(-weights, kind="stable")[:n]
    return sorted(int(place) for place in best), weights


def textrank(parts: Sequence[str]) -> np.ndarray:
    """Each sentence's TextRank, which add up to one.

    Sentences vote for those they resemble. With S_i, S_j the sets of their words, the tie between two is
    |S_i ∩ S_j| / (ln |S_i| + ln |S_j|), and the ranks solve r = (1 - d)/n + d · Wᵀ r with rows of W adding up to one.

    References
    ----------
    Mihalcea and Tarau, "TextRank: Bringing order into texts", EMNLP 2004, equations 2 and the similarity of section 4.
    """
    return ranks(similarity(parts))


def similarity(parts: Sequence[str]) -> np.ndarray:
    """The ties between sentences, shape (s, s), with zeros on the diagonal."""
    sets = [set(stems(part)) for part in parts]
    ties = np.zeros((len(parts), len(parts)))
    for row, left in enumerate(sets):
        for column in range(row):
            right = sets[column]
            length = np.log(max(len(left), 1)) + np.log(max(len(right), 1))
            if length > 0:
                ties[row, column] = ties[column, row] = len(left & right) / length
    return ties


def ranks(ties: np.ndarray) -> np.ndarray:
    """PageRank of a weighted graph by power iteration; a sentence tied to none shares its vote among all."""
    n = len(ties)
    total = ties.sum(axis=1, keepdims=True)
    votes = np.where(total > 0, ties / np.where(total > 0, total, 1), 1 / n)
    rank = np.full(n, 1 / n)
    for _round in range(MOST_ROUNDS):
        following = (1 - DAMPING) / n + DAMPING * votes.T @ rank
        moved = np.abs(following - rank).sum()
        rank = following
        if moved < TOLERANCE:
            break
    return rank


def tfidf(parts: Sequence[str]) -> np.ndarray:
    """Each sentence's cosine with the whole text, words weighted by frequency and rarity among its sentences.

    References
    ----------
    Radev et al., "Centroid-based summarization of multiple documents", 2004.
    """
    counts = [Counter(stems(part)) for part in parts]
    vocabulary = {word: place for place, word in enumerate(sorted({word for one in counts for word in one}))}
    matrix = np.zeros((len(parts), len(vocabulary)))
    for row, one in enumerate(counts):
        for word, times in one.items():
            matrix[row, vocabulary[word]] = times
    rarity = np.log((1 + len(parts)) / (1 + (matrix > 0).sum(axis=0))) + 1
    weighted = matrix * rarity
    centre = weighted.mean(axis=0)
    lengths = np.linalg.norm(weighted, axis=1) * np.linalg.norm(centre)
    return np.divide(weighted @ centre, lengths, out=np.zeros(len(parts)), where=lengths > 0)
