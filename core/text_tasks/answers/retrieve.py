"""Finding the passages that may answer a question: by their words, by their meaning, and by both."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from core.language.sentences import sentences
from core.text_tasks.words import stems, words

K1, B = 1.5, 0.75
RANK_OFFSET = 60
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every index


@dataclass(frozen=True)
class Piece:
    """A run of whole sentences of one document."""

    document: int
    text: str


def pieces(documents: Sequence[str], most_words: int, language: str = "en") -> list[Piece]:
    """Documents cut between sentences into passages of at most so many words; a longer sentence stays whole."""
    found: list[Piece] = []
    gap = "" if language == "zh" else " "
    for number, document in enumerate(documents):
        kept: list[str] = []
        n_words = 0
        for sentence in sentences(document):
            length = len(words(sentence))
            if kept and n_words + length > most_words:
                found.append(Piece(number, gap.join(kept)))
                kept, n_words = [], 0
            kept.append(sentence)
            n_words += length
        if kept:
            found.append(Piece(number, gap.join(kept)))
    return found


class ByWords:
    """BM25 over the stems of content words.

    References
    ----------
    Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009; the engine is bm25s with
    Lucene's variant of the rarity.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.n = len(texts)
        tokens = [stems(text) for text in texts]
        self.known = {token for text in tokens for token in text}
        self.engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        if self.known:
            self.engine.index(tokens, show_progress=False)

    def scores(self, question: str) -> np.ndarray:
        """How well each text fits, shape (n,); 0 where no word is shared."""
        asked = [token for token in stems(question) if token in self.known]
        return np.asarray(self.engine.get_scores(asked), dtype=float) if asked else np.zeros(self.n)


def best(scores: np.ndarray, n: int) -> list[int]:
    """Places of the highest scores, best first; equal ones in their order."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:n]]


def fused(orders: Sequence[Sequence[int]], n_items: int) -> np.ndarray:
    """Reciprocal rank fusion of several orders, best first: Σ 1 / (60 + rank).  →  shape (n_items,)

    References
    ----------
    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009.
    """
    total = np.zeros(n_items)
    for order in orders:
        for rank, place in enumerate(order, start=1):
            total[place] += 1 / (RANK_OFFSET + rank)
    return total
