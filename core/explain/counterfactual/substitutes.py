"""Words that could stand in the place of another: those that stand between the same neighbours in training texts.

A word and its opposite do, so what replaces “late” may be “early” as well as “delayed”. It needs no language model
and works for any language that can be cut into words.

References
----------
Harris, "Distributional structure", 1954. Levy, Goldberg and Dagan, TACL 2015 (positive pointwise mutual information,
context distributions smoothed by 0.75).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from core.explain.global_.words import plain_word
from core.explain.text.owen import pieces

MOST_TEXTS = 5000
MOST_WORDS = 2000
MOST_CONTEXTS = 1000
BEGINNING = 240  # characters of each text
OFTEN = 5  # a word stands in at least so many texts
SMOOTHING = 0.75
LEAST = 0.1  # cosine of words that are near


class NearWords:
    """Words of training texts, and which of them are near.

    Parameters
    ----------
    texts : sequence of str
    language : str
        Of the column.

    Attributes
    ----------
    n_texts : int
    counts : dict of str to int
        Texts in which a word stands.
    """

    def __init__(self, texts: Sequence[str], language: str) -> None:
        lines = [split(text[:BEGINNING], language) for text in texts[:MOST_TEXTS]]
        self.n_texts = len(lines)
        self.counts = Counter(word for line in lines for word in set(line))
        often = [word for word, n in self.counts.most_common(MOST_WORDS) if n >= OFTEN]
        self.words = often
        self._place = {word: place for place, word in enumerate(often)}
        self._rows = _unit_rows(_counted(lines, self._place)) if often else sparse.csr_matrix((0, 1))

    def near(self, word: str, most: int) -> list[str]:
        """The words that are used most like this one, nearest first; none for a word that is too rare."""
        place = self._place.get(plain_word(word))
        if place is None:
            return []
        likeness = (self._rows @ self._rows[place].T).toarray()[:, 0]
        likeness[place] = 0.0
        order = np.argsort(-likeness, kind="stable")[:most]
        return [self.words[other] for other in order if likeness[other] >= LEAST]


def split(text: str, language: str) -> list[str]:
    """A text's words in small letters, without marks."""
    words = [plain_word(text[start:end]) for start, end in pieces(text, language)]
    return [word for word in words if word and " " not in word]


def _counted(lines: list[list[str]], place: dict[str, int]) -> sparse.csr_matrix:
    """How often each context, a word to the left or to the right, stands beside a word.  →  (words, contexts)"""
    pairs: Counter[tuple[int, tuple[int, str]]] = Counter()
    for line in lines:
        for here, word in enumerate(line):
            if word in place:
                pairs[place[word], (-1, line[here - 1] if here else "")] += 1
                pairs[place[word], (1, line[here + 1] if here + 1 < len(line) else "")] += 1
    contexts: Counter[tuple[int, str]] = Counter()
    for (_word, context), n in pairs.items():
        contexts[context] += n
    columns = {context: number for number, (context, _n) in enumerate(contexts.most_common(MOST_CONTEXTS))}
    kept = [(word, columns[context], n) for (word, context), n in pairs.items() if context in columns]
    rows, places, values = zip(*kept, strict=True) if kept else ((), (), ())
    return sparse.csr_matrix((values, (rows, places)), shape=(len(place), max(1, len(columns))), dtype=float)


def _unit_rows(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information, each row of length 1."""
    table = counts.tocoo()
    by_word = np.asarray(counts.sum(axis=1)).ravel()
    by_context = np.asarray(counts.sum(axis=0)).ravel() ** SMOOTHING
    expected = by_word[table.row] * by_context[table.col] / max(by_context.sum(), 1e-12)
    table.data = np.maximum(0.0, np.log(table.data / np.maximum(expected, 1e-12)))
    rows = table.tocsr()
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(length, 1e-12)) @ rows
