"""The classical baseline: an n-gram model with interpolated, modified Kneser-Ney smoothing, in sorted arrays.

The formula, for a context h of m tokens, its counts c, and h' as h without its first token:

    p(w | h) = (c(h w) - D(c(h w))) / c(h ·) + left(h) · p(w | h')                                    (equation 24)
    left(h)  = (D1 · N1(h ·) + D2 · N2(h ·) + D3 · N3+(h ·)) / c(h ·)

c counts occurrences for the longest n-grams; for shorter ones it counts the different tokens that stand before them
(their "continuations"), except where the n-gram begins a document and nothing can stand before it. The shortest
context's h' is the uniform distribution, so every token keeps a probability. Contexts reach back to the beginning of
their document and no further.

References
----------
Chen and Goodman, "An empirical study of smoothing techniques for language modeling", TR-10-98, Harvard, 1998.
Heafield et al., "Scalable modified Kneser-Ney language model estimation", ACL 2013 (counts at a document's beginning).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.language.tokens import Tokens
from core.messages import UnreadableFile, UnusableData, _

USUAL_DISCOUNTS = np.array([0.5, 1.0, 1.5])  # where counts are too few to estimate from, as KenLM falls back to
_ROWS = 256  # distributions worked out at a time

State = tuple[int, ...]  # the last tokens of the document, at most `context`


@dataclass(frozen=True)
class Level:
    """All n-grams with contexts of one length.

    Contexts are numbered in the order of their keys: (number of the context without its first token) · vocabulary +
    first token. N-grams are sorted by (number of the context) · vocabulary + last token.
    """

    keys: np.ndarray  # int64 (contexts,); of the empty context: [0]
    grams: np.ndarray  # int64 (n-grams,)
    tokens: np.ndarray  # int64 (n-grams,), the last token of each
    starts: np.ndarray  # int64 (contexts + 1,), where a context's n-grams begin
    shares: np.ndarray  # float64 (n-grams,): (c - D(c)) / total
    left: np.ndarray  # float64 (contexts,): what the shorter context is given

    @classmethod
    def of(
        cls, keys: np.ndarray, grams: np.ndarray, counts: np.ndarray, vocabulary: int, discount: float | None
    ) -> Level:
        """From n-grams and their counts (equation 24)."""
        amounts = discounts(counts) if discount is None else np.full(3, discount)
        taken = amounts[np.minimum(counts, 3) - 1]
        context, tokens = np.divmod(grams, vocabulary)
        starts = np.searchsorted(context, np.arange(len(keys) + 1))
        total = np.add.reduceat(counts.astype(np.float64), starts[:-1])
        left = np.add.reduceat(taken, starts[:-1]) / total
        return cls(keys, grams, tokens, starts, (counts - taken) / total[context], left)


class KneserNey:
    """An n-gram language model.

    Parameters
    ----------
    tokens : Tokens
    order : int, default=5
        The n: so many tokens, the predicted one included, are counted together.
    discount : float, optional
        One discount for all counts, as in Kneser-Ney before it was modified. By default three are estimated for each
        length (equation 26).

    Attributes
    ----------
    context : int
        Most tokens it looks back on.
    n_grams : int
        How many n-grams of all lengths it keeps.
    """

    def __init__(self, tokens: Tokens, order: int = 5, discount: float | None = None) -> None:
        if order < 1:
            raise UnusableData(_("An n-gram has at least one token."))
        self.tokens = tokens
        self.order = order
        self.discount = discount
        self.context = order - 1
        self._levels: list[Level] = []
        self._counts: list[np.ndarray] = []

    @property
    def n_grams(self) -> int:
        """All n-grams kept, of every length."""
        return sum(len(level.grams) for level in self._levels)

    def fit(self, documents: Iterable[np.ndarray]) -> KneserNey:
        """Count.

        documents : int arrays, shape (n,), with or without the token that begins a document
        """
        stream = self._stream(documents)
        if len(stream) < 3:
            raise UnusableData(_("There is no text to learn from."))
        before, following, reach = stream[:-1], stream[1:], self._reach(stream[:-1])
        keys, contexts = self._numbered(before, reach)
        grams: list[np.ndarray] = []
        counts: list[np.ndarray] = []
        longer = np.empty(0, dtype=np.int64)  # a place of each different n-gram that is one token longer
        for length in range(self.context, -1, -1):
            unextended = reach >= length if length == self.context else reach == length
            places = np.concatenate([longer, np.flatnonzero(unextended)])
            found, first, how_often = np.unique(
                contexts[length][places] * self.tokens.size + following[places], return_index=True, return_counts=True
            )
            longer = places[first]
            grams.append(found)
            counts.append(how_often)
        self._take(keys, grams[::-1], counts[::-1])
        return self

    def log_probabilities(self, ids: np.ndarray) -> np.ndarray:
        """Of what may follow ids[: i + 1], for each i, natural logarithms.  int (n,)  →  float32 (n, vocabulary)"""
        contexts = self._found(np.asarray(ids, dtype=np.int64))
        rows = np.empty((len(ids), self.tokens.size), dtype=np.float32)
        for start in range(0, len(ids), _ROWS):
            rows[start : start + _ROWS] = np.log(self._distributions(contexts[:, start : start + _ROWS]))
        return rows

    def scores(self, ids: np.ndarray) -> np.ndarray:
        """Of each token after the first, log p given all before it, which is quick.  →  float64 (n - 1,)"""
        ids = np.asarray(ids, dtype=np.int64)
        probability = np.full(len(ids) - 1, 1 / self.tokens.size)
        for level, context in zip(self._levels, self._found(ids[:-1]), strict=True):
            seen = np.flatnonzero(context >= 0)
            wanted = context[seen] * self.tokens.size + ids[1:][seen]
            place = np.minimum(np.searchsorted(level.grams, wanted), len(level.grams) - 1)
            share = np.where(level.grams[place] == wanted, level.shares[place], 0)
            probability[seen] = share + level.left[context[seen]] * probability[seen]
        return np.log(probability)

    def bits_per_byte(self, documents: Sequence[str]) -> float:
        """-log2 p of all tokens, the end of each document among them, per byte of the text in UTF-8."""
        n_bytes = sum(len(document.encode()) for document in documents)
        return float(-self.scores(self.tokens.packed(documents)).sum() / np.log(2) / n_bytes)

    def start(self) -> State:
        """Nothing read yet."""
        return ()

    def step(self, state: State, token: int) -> tuple[np.ndarray, State]:
        """Read one token.  →  float32 (vocabulary,) of what may follow, the state after it"""
        read = (token,) if token == self.tokens.begin else (*state, token)
        history = np.array(read[-self.order :], dtype=np.int64)
        following = np.log(self._distributions(self._found(history)[:, -1:]))[0].astype(np.float32)
        return following, read[max(0, len(read) - self.context) :]

    def save(self, path: Path) -> None:
        """Write the counts as ``.npz``; the probabilities follow from them."""
        arrays = {"order": np.array(self.order), "vocabulary": np.array(self.tokens.size)}
        if self.discount is not None:
            arrays["discount"] = np.array(self.discount)
        for length, (level, counts) in enumerate(zip(self._levels, self._counts, strict=True)):
            arrays |= {f"keys_{length}": level.keys, f"grams_{length}": level.grams}
            arrays[f"counts_{length}"] = counts.astype(np.int32)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path, tokens: Tokens) -> KneserNey:
        """What `save` wrote.

        Raises
        ------
        UnreadableFile
            The file is missing, damaged, or was trained with another vocabulary.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = dict(file)
            order = int(arrays["order"])
            model = cls(tokens, order, float(arrays["discount"]) if "discount" in arrays else None)
            keys, grams, counts = (
                [arrays[f"{name}_{length}"] for length in range(order)] for name in ("keys", "grams", "counts")
            )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise UnreadableFile(_("The n-gram model “{file}” can't be read."), file=path.name) from error
        if int(arrays["vocabulary"]) != tokens.size:
            raise UnreadableFile(_("The n-gram model “{file}” belongs to another vocabulary."), file=path.name)
        model._take(keys, grams, counts)
        return model

    def _take(self, keys: list[np.ndarray], grams: list[np.ndarray], counts: list[np.ndarray]) -> None:
        self._counts = counts
        self._levels = [
            Level.of(*parts, self.tokens.size, self.discount) for parts in zip(keys, grams, counts, strict=True)
        ]

    def _stream(self, documents: Iterable[np.ndarray]) -> np.ndarray:
        """Documents in one row, ``<s>`` before each and at the end.  →  int64 (n,)"""
        mark = np.array([self.tokens.begin])
        parts: list[np.ndarray] = []
        for ids in documents:
            parts += [mark, ids[1:] if len(ids) and ids[0] == self.tokens.begin else ids]
        return np.concatenate([*parts, mark]).astype(np.int64)

    def _reach(self, ids: np.ndarray) -> np.ndarray:
        """How many tokens of the same document have been read, each token itself included.  →  int64 (n,)"""
        places = np.arange(len(ids))
        return places - np.maximum.accumulate(np.where(ids == self.tokens.begin, places, 0)) + 1

    def _numbered(self, ids: np.ndarray, reach: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Contexts of each length: the keys of all, and the number of the one that ends at each place (else -1)."""
        keys, contexts = [np.zeros(1, dtype=np.int64)], [np.zeros(len(ids), dtype=np.int64)]
        for length in range(1, self.order):
            places = np.flatnonzero(reach >= length)
            found, number = np.unique(
                contexts[-1][places] * self.tokens.size + ids[places - length + 1], return_inverse=True
            )
            at = np.full(len(ids), -1, dtype=np.int64)
            at[places] = number
            keys.append(found)
            contexts.append(at)
        return keys, contexts

    def _found(self, ids: np.ndarray) -> np.ndarray:
        """Numbers of the contexts that end at each place; -1 where one was never seen.  →  int64 (order, n)"""
        reach = self._reach(ids)
        contexts = np.full((self.order, len(ids)), -1, dtype=np.int64)
        contexts[0] = 0
        for length in range(1, self.order):
            places = np.flatnonzero((reach >= length) & (contexts[length - 1] >= 0))
            wanted = contexts[length - 1][places] * self.tokens.size + ids[places - length + 1]
            keys = self._levels[length].keys
            number = np.searchsorted(keys, wanted)
            known = number < len(keys)
            known[known] = keys[number[known]] == wanted[known]
            contexts[length][places[known]] = number[known]
        return contexts

    def _distributions(self, contexts: np.ndarray) -> np.ndarray:
        """From the uniform distribution to the longest context seen.  (order, n)  →  float64 (n, vocabulary)"""
        probability = np.full((contexts.shape[1], self.tokens.size), 1 / self.tokens.size)
        for level, context in zip(self._levels, contexts, strict=True):
            seen = np.flatnonzero(context >= 0)
            number = context[seen]
            probability[seen] *= level.left[number, None]
            lengths = level.starts[number + 1] - level.starts[number]
            skipped = np.cumsum(lengths) - lengths
            grams = np.arange(lengths.sum()) + np.repeat(level.starts[number] - skipped, lengths)
            probability[np.repeat(seen, lengths), level.tokens[grams]] += level.shares[grams]
        return probability


def discounts(counts: np.ndarray) -> np.ndarray:
    """What is taken off counts of one, two, and three or more (equation 26).  →  float64 (3,)"""
    n = np.bincount(np.minimum(counts, 5), minlength=6)[1:5].astype(np.float64)  # n-grams counted 1, 2, 3, 4 times
    if (n == 0).any():
        return USUAL_DISCOUNTS
    scale = n[0] / (n[0] + 2 * n[1])
    found = np.array([1, 2, 3]) - np.array([2, 3, 4]) * scale * n[1:] / n[:3]
    return found if (found > 0).all() else USUAL_DISCOUNTS
