"""Which rows a way that learns must not learn from when it answers a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

NEVER = -1  # the fold of rows that are never learned from: all others answer them


def out_of_fold(texts: Sequence[str], known: Sequence[bool], n_folds: int, seed: int) -> list[int]:
    """A fold per row, at random; rows with the same text, but for white space around it, share one.

    known : whether the right answer of a row is known
    →  0 to n_folds - 1, or NEVER where nothing is known of the row's text
    """
    bare = [text.strip() for text in texts]
    distinct = list(dict.fromkeys(text for text, one in zip(bare, known, strict=True) if one))
    order = np.random.default_rng(seed).permutation(len(distinct))
    fold = {distinct[place]: rank % n_folds for rank, place in enumerate(order)}
    return [fold.get(text, NEVER) for text in bare]


def learned_from(folds: Sequence[int], known: Sequence[bool], fold: int) -> list[int]:
    """Rows to learn from where those of a fold are answered: of other folds, and with a right answer of their own.

    A row without one may be in a fold, too: with a row of the same text that has one.
    """
    return [row for row, (own, one) in enumerate(zip(folds, known, strict=True)) if one and own not in (fold, NEVER)]
