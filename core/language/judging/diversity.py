"""Whether a model always writes the same: distinct words, likeness of its texts to each other, repeats within a text.

References
----------
Li et al., "A diversity-promoting objective function for neural conversation models", NAACL 2016 (distinct-n).
Zhu et al., "Texygen", SIGIR 2018 (self-BLEU).  Post, "A call for clarity", WMT 2018 (sacrebleu).
Welleck et al., "Neural text generation with unlikelihood training", ICLR 2020 (repeats of four words).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from sacrebleu.metrics.bleu import BLEU

from core.language.judging.uncertain import jackknife, means
from core.language.judging.words import n_grams, words
from core.results.comparison import Interval

COUNTED_WORDS = 1000  # distinctness falls with the amount of text, so it is taken of as much for all
REPEATED = 4


def distinct(texts: Sequence[str], n: int) -> Interval | None:
    """Different runs of n words among all such runs in the texts' first thousand words; None if there are none."""
    runs = [n_grams(one, n) for one in _first_words(texts)]
    runs = [one for one in runs if one]
    if not runs:
        return None
    counts = Counter(run for one in runs for run in one)
    n_runs = counts.total()
    left_out = []
    for one in runs if len(runs) > 1 else []:
        own = Counter(one)
        lost = sum(counts[run] == times for run, times in own.items())
        left_out.append((len(counts) - lost) / (n_runs - len(one)))
    return jackknife(len(counts) / n_runs, np.array(left_out), low=0, high=1)


def _first_words(texts: Sequence[str]) -> list[list[str]]:
    cut = [words(text) for text in texts]
    before = accumulate((len(one) for one in cut), initial=0)
    return [one[: max(0, COUNTED_WORDS - n)] for one, n in zip(cut, before, strict=False)]


def self_bleu(texts: Sequence[str], language: str, *, seed: int = 0, resamples: int = 500) -> Interval | None:
    """The mean over texts of BLEU-4 against all others, 0 to 100; None for fewer than two texts.

    The interval takes the other texts as given.
    """
    filled = [text for text in texts if words(text)]
    if len(filled) < 2:
        return None
    bleu = BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    each = [
        bleu.sentence_score(text, [*filled[:place], *filled[place + 1 :]]).score for place, text in enumerate(filled)
    ]
    return means("self_bleu", np.array(each), np.ones(len(each)), seed, resamples)["self_bleu"]


def repetition(texts: Sequence[str], *, seed: int = 0, resamples: int = 500) -> Interval | None:
    """Of the runs of four words in each text, the share that stood in it before; None if no text has four words."""
    runs = [n_grams(words(text), REPEATED) for text in texts]
    again = np.array([len(one) - len(set(one)) for one in runs], dtype=float)
    return means("repetition", again, np.array([len(one) for one in runs]), seed, resamples).get("repetition")
