"""Whether one sentence goes with the next: the cosine of neighbouring sentences' embeddings.

What a value means depends on encoder and text, so it is shown between two lines: the same of real text, and of its
sentences shuffled across documents.

References
----------
Foltz, Kintsch and Landauer, "The measurement of textual coherence with latent semantic analysis", 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from core.language.judging.uncertain import means
from core.language.judging.words import words
from core.language.sentences import sentences
from core.results.comparison import Interval

Encode = Callable[[list[str]], np.ndarray]  # texts → float32 (n, width), unit rows


def coherence(
    split: Sequence[Sequence[str]], encode: Encode, *, seed: int = 0, resamples: int = 500
) -> Interval | None:
    """Mean cosine of neighbouring sentences, its interval over texts; None if no text has two sentences.

    split : the sentences of each text
    """
    split = [one for one in split if len(one) > 1]
    if not split:
        return None
    rows = encode([sentence for one in split for sentence in one])
    starts = np.cumsum([0, *(len(one) for one in split)])
    cosines = (rows[:-1] * rows[1:]).sum(axis=1)  # those across two texts are not counted
    sums = np.array([cosines[first : last - 1].sum() for first, last in pairwise(starts)])
    return means("coherence", sums, np.diff(starts) - 1, seed, resamples)["coherence"]


def spoken(text: str) -> list[str]:
    """The sentences of a text that have a word in them."""
    return [sentence for sentence in sentences(text) if any(word[0].isalnum() for word in words(sentence))]


def shuffled(split: Sequence[Sequence[str]], seed: int = 0) -> list[list[str]]:
    """As many sentences in each text as before, drawn from those of all texts."""
    every = [sentence for one in split for sentence in one]
    order = iter(np.random.default_rng(seed).permutation(len(every)))
    return [[every[next(order)] for _sentence in one] for one in split]
