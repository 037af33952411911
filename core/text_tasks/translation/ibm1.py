"""IBM model 1: which word translates which, learned from pairs of sentences alone.

References
----------
Brown, Della Pietra, Della Pietra and Mercer, "The mathematics of statistical machine translation: parameter
estimation", Computational Linguistics 19, 1993, section 4.1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

NULL = ""  # the empty word, which may translate to anything
Words = Sequence[str]
TINY = 1e-12


class WordTable:
    """t(f | e): how likely a word e of the source becomes a word f of the target.

    Parameters
    ----------
    rounds : int
        Of expectation maximisation. The likelihood has one maximum only, so the start does not matter.

    Attributes
    ----------
    table_ : dict of (e, f) → probability
    log_likelihoods_ : list of float
        Natural logarithm before each round; it never falls.
    """

    def __init__(self, rounds: int = 10) -> None:
        self.rounds = rounds

    def fit(self, pairs: Sequence[tuple[Words, Words]]) -> WordTable:
        """Learn from pairs (source words, target words)."""
        sources, targets, links, of_word, words_e = _links(pairs)
        # links: for each possible link of a target word with a source word of its sentence, the number of the pair
        # (e, f); of_word: the number of that target word; words_e: for each pair (e, f), the number of e
        share = np.full(len(sources), 1 / max(1, len(set(targets))))  # all alike
        self.log_likelihoods_: list[float] = []
        lengths = np.bincount(of_word) if len(of_word) else np.zeros(0)
        for _round in range(self.rounds):
            link = share[links]
            total = np.bincount(of_word, link)
            self.log_likelihoods_.append(float(np.log(np.maximum(total / lengths, TINY)).sum()))
            expected = link / np.maximum(total[of_word], TINY)  # (E) the chance of this link
            counts = np.bincount(links, expected, minlength=len(sources))  # (M) shared out among each word's targets
            share = counts / np.maximum(np.bincount(words_e, counts)[words_e], TINY)
        self.table_ = {
            (source, target): float(value) for source, target, value in zip(sources, targets, share, strict=True)
        }
        return self

    def probability(self, source: str, target: str) -> float:
        """t(target | source); tiny for what was never seen together."""
        return self.table_.get((source, target), TINY)

    def align(self, source: Words, target: Words) -> set[tuple[int, int]]:
        """The likeliest link of each target word: pairs (place in source, place in target).

        Of equally likely words the one nearest to the same place in its sentence is taken; a word that the empty word
        explains best has no link.
        """
        links = set()
        for place, word in enumerate(target):
            found = [self.probability(one, word) for one in source]
            best = max(found, default=0.0)
            if best <= TINY or best < self.probability(NULL, word):
                continue
            likely = [at for at, value in enumerate(found) if value >= best * 0.999]
            wanted = place / max(1, len(target) - 1)
            links.add((min(likely, key=lambda at: abs(at / max(1, len(source) - 1) - wanted)), place))
        return links


def _links(
    pairs: Sequence[tuple[Words, Words]],
) -> tuple[list[str], list[str], np.ndarray, np.ndarray, np.ndarray]:
    numbers: dict[tuple[str, str], int] = {}
    links: list[int] = []
    of_word: list[int] = []
    n_words = 0
    for source, target in pairs:
        for word in target:
            for one in (NULL, *source):
                links.append(numbers.setdefault((one, word), len(numbers)))
                of_word.append(n_words)
            n_words += 1
    sources = [one for one, _word in numbers]
    known = {word: number for number, word in enumerate(dict.fromkeys(sources))}
    return (
        sources,
        [word for _one, word in numbers],
        np.array(links, dtype=np.int64),
        np.array(of_word, dtype=np.int64),
        np.array([known[one] for one in sources], dtype=np.int64),
    )
