"""Whether a model recites: the longest run of words in a text that stands word for word in the training text.

The training text's suffixes are sorted once; then each word of a text narrows down, word by word, which of them agree
with what begins there.

References
----------
Manber and Myers, "Suffix arrays: a new method for on-line string searches", SIAM J. Computing 22, 1993.
Lee et al., "Deduplicating training data makes language models better", ACL 2022 (copied spans by suffix arrays).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.language.judging.words import places, words
from core.results.language.laboratory import CopiedSpan

LONGEST = 1024  # words of a run that are told apart
BETWEEN, UNKNOWN = -1, -2  # no word of a text equals either


@dataclass(frozen=True)
class Copies:
    """The longest run of each text in words, and the longest of all."""

    words: np.ndarray  # int (texts,)
    longest: CopiedSpan | None


class Training:
    """A training text in which runs of words can be looked up.

    Parameters
    ----------
    documents : sequence of str
        No run reaches from one into the next.
    """

    def __init__(self, documents: Sequence[str]) -> None:
        self._numbers: dict[str, int] = {}
        parts = [
            np.array([self._numbers.setdefault(word, len(self._numbers)) for word in words(text)] + [BETWEEN])
            for text in documents
        ]
        self._starts = np.cumsum([0, *(len(part) for part in parts)])
        self._ids = np.concatenate(parts) if parts else np.array([BETWEEN])
        self._order = suffix_order(self._ids, LONGEST)

    def copies(self, texts: Sequence[str]) -> Copies:
        """Look up every text."""
        parts = [[*(self._numbers.get(word, UNKNOWN) for word in words(text)), UNKNOWN] for text in texts]
        if not parts:
            return Copies(np.zeros(0, dtype=int), None)
        starts = np.cumsum([0, *(len(part) for part in parts)])
        lengths, found_at = self._matches(np.array([number for part in parts for number in part]))
        longest = np.maximum.reduceat(lengths, starts[:-1])
        sample = int(longest.argmax())
        if longest[sample] == 0:
            return Copies(longest, None)
        place = int(starts[sample] + lengths[starts[sample] : starts[sample + 1]].argmax())
        first, n_words = place - int(starts[sample]), int(longest[sample])
        where = places(texts[sample])
        span = texts[sample][where[first][0] : where[first + n_words - 1][1]]
        document = int(np.searchsorted(self._starts, found_at[place], side="right")) - 1
        return Copies(longest, CopiedSpan(words=n_words, text=span, sample=sample, document=document))

    def _matches(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each place of `wanted`: how many words from there stand in the text, and where in it they begin."""
        low, high = np.zeros(len(wanted), dtype=np.int64), np.full(len(wanted), len(self._order))
        lengths = np.zeros(len(wanted), dtype=np.int64)
        going = np.arange(len(wanted))
        depth = 0
        while len(going) and depth < LONGEST:
            going = going[going + depth < len(wanted)]
            word = wanted[going + depth]
            first = self._bound(low[going], high[going], word, depth)
            last = self._bound(first, high[going], word + 1, depth)
            agree = (last > first) & (word >= 0)
            going = going[agree]
            low[going], high[going] = first[agree], last[agree]
            depth += 1
            lengths[going] = depth
        return lengths, self._order[np.minimum(low, len(self._order) - 1)]

    def _bound(self, low: np.ndarray, high: np.ndarray, word: np.ndarray, depth: int) -> np.ndarray:
        """The first suffix in [low, high) whose word at `depth` is not below `word`, by halving."""
        low, high = low.copy(), high.copy()
        while (open_ := np.flatnonzero(low < high)).size:
            middle = (low[open_] + high[open_]) // 2
            at = self._order[middle] + depth
            there = np.where(at < len(self._ids), self._ids[np.minimum(at, len(self._ids) - 1)], UNKNOWN)
            below = there < word[open_]
            low[open_[below]] = middle[below] + 1
            high[open_[~below]] = middle[~below]
        return low


def suffix_order(ids: np.ndarray, depth: int) -> np.ndarray:
    """Places of a sequence, sorted by what begins there, at least its first `depth` numbers.  int (n,)  →  int64 (n,)

    The rank by 2k numbers is the rank by the first k and then by the next k.
    """
    rank = np.unique(ids, return_inverse=True)[1].astype(np.int64)
    order, compared = np.argsort(rank, kind="stable"), 1
    while compared < depth and rank.max() < len(ids) - 1:
        later = np.concatenate([rank[compared:] + 1, np.zeros(min(compared, len(ids)), dtype=np.int64)])[: len(ids)]
        key = rank * (len(ids) + 1) + later
        order = np.argsort(key, kind="stable")
        rank[order] = np.cumsum(np.r_[0, np.diff(key[order]) != 0])
        compared *= 2
    return order
