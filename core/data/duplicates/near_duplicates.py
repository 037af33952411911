"""Texts that are nearly the same, by their letters: MinHash signatures, banded, each candidate pair checked exactly.

Likeness is Jaccard's: of all different runs of five characters in either text, the share that is in both.

References
----------
Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (MinHash).
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3 (banding).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np

RUN = 5  # characters
N_HASHES = 120
RECALL = 0.999  # wanted of pairs exactly at the threshold
_CHUNK_RUNS = 1 << 19
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def groups(texts: list[str], similarity: float = 0.9) -> np.ndarray:
    """A group number per text; texts of one group are linked by pairs at least this alike.

    Returns
    -------
    int64 array, shape (n,)
        The position of the first text of the group. An empty text is always alone.
    """
    plain = [normal(text) for text in texts]
    first: dict[str, int] = {}
    owner = np.array([first.setdefault(text, place) if text else place for place, text in enumerate(plain)])
    places = np.array(sorted(first.values()), dtype=np.int64)
    places = places[[len(plain[place]) >= RUN for place in places]] if len(places) else places
    if len(places) > 1 and similarity < 1:
        links = _Links(len(texts))
        for left, right in _alike([plain[place] for place in places], similarity):
            links.join(int(places[left]), int(places[right]))
        owner = np.array([links.root(int(place)) for place in owner])
    return owner


def normal(text: str) -> str:
    """A text without what does not tell texts apart: case, width, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def jaccard(left: np.ndarray, right: np.ndarray) -> float:
    """Of the runs in either set, the share in both. Sets as sorted arrays."""
    both = len(np.intersect1d(left, right, assume_unique=True))
    return both / max(len(left) + len(right) - both, 1)


def _alike(texts: list[str], similarity: float) -> Iterator[tuple[int, int]]:
    """Pairs that share a band of their signatures and are then found alike."""
    signatures = _signatures(texts)
    width = _band_width(similarity)
    runs: dict[int, np.ndarray] = {}
    seen: set[tuple[int, int]] = set()
    for left, right in _candidates(signatures, width):
        if (left, right) in seen:
            continue
        seen.add((left, right))
        for place in (left, right):
            if place not in runs:
                runs[place] = np.unique(_runs(texts[place]))
        if jaccard(runs[left], runs[right]) >= similarity:
            yield left, right


def _band_width(similarity: float) -> int:
    """The widest band that still finds a pair at the threshold almost surely."""
    fitting = [
        width for width in (1, 2, 3, 4, 5, 6, 8, 10, 12) if 1 - (1 - similarity**width) ** (N_HASHES // width) >= RECALL
    ]
    return max(fitting, default=1)


def _candidates(signatures: np.ndarray, width: int) -> Iterator[tuple[int, int]]:
    """Neighbours within each bucket of each band, and each with the bucket's first."""
    for start in range(0, N_HASHES - width + 1, width):
        band = np.ascontiguousarray(signatures[:, start : start + width])
        keys = np.zeros(len(band), dtype=np.uint64)
        for place in range(width):
            keys = (keys ^ band[:, place].astype(np.uint64)) * _MULTIPLIER
            keys ^= keys >> np.uint64(29)
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        head = previous = -2
        for place in same.tolist():
            if place != previous + 1:
                head = place
            yield int(order[place]), int(order[place + 1])
            if head != place:
                yield int(order[head]), int(order[place + 1])
            previous = place


def _signatures(texts: list[str]) -> np.ndarray:
    """MinHash signatures.  →  uint32 array, shape (n, N_HASHES)"""
    dice = np.random.default_rng(20_240_229)
    odd = dice.integers(1, 2**63, N_HASHES, dtype=np.uint64) | np.uint64(1)
    shift = dice.integers(0, 2**63, N_HASHES, dtype=np.uint64)
    signatures = np.empty((len(texts), N_HASHES), dtype=np.uint32)
    for first, last in _chunks(texts):
        pieces = [_runs(text) for text in texts[first:last]]
        starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])[:-1]])
        hashes = np.concatenate(pieces)
        for place in range(N_HASHES):
            mixed = ((hashes * odd[place] + shift[place]) >> np.uint64(32)).astype(np.uint32)
            signatures[first:last, place] = np.minimum.reduceat(mixed, starts)
    return signatures


def _chunks(texts: list[str]) -> Iterator[tuple[int, int]]:
    first = held = 0
    for place, text in enumerate(texts):
        if held and held + len(text) > _CHUNK_RUNS:
            yield first, place
            first, held = place, 0
        held += len(text)
    yield first, len(texts)


def _runs(text: str) -> np.ndarray:
    """A number for each run of five characters.  →  uint64 array, shape (len(text) - 4,)"""
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    n_runs = len(letters) - RUN + 1
    hashes = np.zeros(n_runs, dtype=np.uint64)
    for place in range(RUN):
        hashes = (hashes + letters[place : place + n_runs] + np.uint64(1)) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(31)
    return hashes


class _Links:
    """Which places hang together (union and find); the root is the smallest."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, left: int, right: int) -> None:
        left, right = sorted((self.root(left), self.root(right)))
        self._parent[right] = left
