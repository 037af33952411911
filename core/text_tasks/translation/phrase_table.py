"""A phrase table from word alignments.

Links that the word tables of both directions agree on are kept; phrases that agree with these are counted.

References
----------
Och and Ney, "A systematic comparison of various statistical alignment models", 2003 (intersected alignments).
Koehn, Och and Marcu, "Statistical phrase-based translation", NAACL 2003 (phrase extraction, section 4.2).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from core.text_tasks.translation.ibm1 import Words, WordTable
from core.text_tasks.translation.stack_decoder import Bigrams, Options, Phrase, decode

Links = set[tuple[int, int]]
MOST_OPTIONS = 12  # translations kept of a phrase
WEIGHT_DIRECT, WEIGHT_BACK, WEIGHT_WORD, WEIGHT_PHRASE, WEIGHT_LONE = 1.0, 0.5, 0.4, -0.3, -1.0
LIKELY = 0.1  # of a word table's entry that is tried by itself


def extract(source: Words, target: Words, links: Links, longest: int) -> list[tuple[Phrase, Phrase]]:
    """All pairs of phrases of at most so many words that agree with the links.

    A pair agrees if it holds a link and no word in it is linked to one outside; target words without a link may stand
    at its ends.
    """
    linked = {other for _one, other in links}
    found = []
    for first in range(len(source)):
        for last in range(first, min(first + longest, len(source))):
            places = [other for one, other in links if first <= one <= last]
            if not places:
                continue
            low, high = min(places), max(places)
            if any(low <= other <= high and not first <= one <= last for one, other in links):
                continue
            start = low
            while start == low or (start >= 0 and start not in linked):
                end = high
                while end == high or (end < len(target) and end not in linked):
                    if end - start < longest + 2:
                        found.append((tuple(source[first : last + 1]), tuple(target[start : end + 1])))
                    end += 1
                start -= 1
    return found


class PhraseTranslator:
    """Phrases and a bigram model, learned from pairs of sentences.

    Parameters
    ----------
    rounds : int
        Of expectation maximisation for the word tables.
    longest : int
        Words of a source phrase.
    """

    def __init__(self, rounds: int = 10, longest: int = 4) -> None:
        self.rounds, self.longest = rounds, longest

    def fit(self, pairs: Sequence[tuple[Words, Words]]) -> PhraseTranslator:
        """Learn from pairs (source words, target words)."""
        self.forward_ = WordTable(self.rounds).fit(pairs)
        self.backward_ = WordTable(self.rounds).fit([(target, source) for source, target in pairs])
        counts: Counter[tuple[Phrase, Phrase]] = Counter()
        for source, target in pairs:
            back = {(one, other) for other, one in self.backward_.align(target, source)}
            counts.update(extract(source, target, self.forward_.align(source, target) & back, self.longest))
        self.options_ = _options(counts, self.forward_)
        self.language_ = Bigrams().fit([target for _source, target in pairs])
        return self

    def translate(self, source: Words, n: int = 1) -> list[tuple[Phrase, float]]:
        """The `n` best translations with their scores, best first."""
        return decode(source, self.options_, self.language_, self.longest)[:n]


def _options(counts: Counter[tuple[Phrase, Phrase]], words: WordTable) -> Options:
    """Each phrase's translations with their weights, best first; of single words also what the word table says."""
    of_source: Counter[Phrase] = Counter()
    of_target: Counter[Phrase] = Counter()
    for (source, target), n in counts.items():
        of_source[source] += n
        of_target[target] += n
    found: dict[Phrase, dict[Phrase, float]] = defaultdict(dict)
    for (one, word), probability in words.table_.items():
        if one and probability >= LIKELY:
            found[one,][word,] = math.log(probability) + WEIGHT_WORD + WEIGHT_PHRASE + WEIGHT_LONE
    for (source, target), n in counts.items():
        weight = WEIGHT_DIRECT * math.log(n / of_source[source]) + WEIGHT_BACK * math.log(n / of_target[target])
        found[source][target] = weight + WEIGHT_WORD * len(target) + WEIGHT_PHRASE
    return {
        source: sorted(options.items(), key=lambda one: (-one[1], one[0]))[:MOST_OPTIONS]
        for source, options in found.items()
    }
