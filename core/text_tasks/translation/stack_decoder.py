"""Putting phrases in a row: stack decoding with a bigram model of the target language.

References
----------
Koehn, "Pharaoh: a beam search decoder for phrase-based statistical machine translation models", AMTA 2004: stacks by
the number of words done, distortion cost, estimate of what the rest will cost.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.text_tasks.translation.ibm1 import Words

Phrase = tuple[str, ...]
Options = dict[Phrase, list[tuple[Phrase, float]]]
START, END = "<s>", "</s>"
BEAM = 20  # translations kept of each number of words done
FARTHEST = 8  # words that may be jumped over
WEIGHT_LANGUAGE, WEIGHT_JUMP = 0.8, -0.08
BIGRAM_SHARE, UNIGRAM_SHARE = 0.75, 0.24  # the rest is shared out evenly
UNKNOWN = -8.0  # for a word that stays as it is, since nobody translated it


class Bigrams:
    """log p(word | word before), mixed with the single word's own frequency and an even share for words never seen.

    References
    ----------
    Jelinek and Mercer, 1980 (linear interpolation).
    """

    def fit(self, sentences: Sequence[Words]) -> Bigrams:
        self.pairs_: Counter[tuple[str, str]] = Counter()
        self.before_: Counter[str] = Counter()
        self.single_: Counter[str] = Counter()
        for sentence in sentences:
            row = [START, *sentence, END]
            self.pairs_.update(pairwise(row))
            self.before_.update(row[:-1])
            self.single_.update(row[1:])
        self.total_ = max(1, self.single_.total())
        return self

    def probability(self, before: str, word: str) -> float:
        known = self.before_[before]
        bigram = self.pairs_[before, word] / known if known else self.single_[word] / self.total_
        rest = 1 - BIGRAM_SHARE - UNIGRAM_SHARE
        return BIGRAM_SHARE * bigram + UNIGRAM_SHARE * self.single_[word] / self.total_ + rest / (len(self.single_) + 1)

    def score(self, words: Words, before: Words) -> float:
        """Natural logarithm of the chance of these words after the one before (none: the start of a sentence)."""
        last = before[-1] if before else START
        total = 0.0
        for word in words:
            total += math.log(self.probability(last, word))
            last = word
        return total


@dataclass(frozen=True)
class _Partial:
    """A translation of some of the words."""

    done: int  # bits of the source words that are translated
    at: int  # the place behind the last phrase
    words: Phrase
    score: float
    hoped: float  # the score with an estimate for the rest


@dataclass(frozen=True)
class _Choice:
    """A phrase in its place."""

    first: int
    behind: int
    bits: int
    target: Phrase
    weight: float


def decode(source: Words, options: Options, language: Bigrams, longest: int) -> list[tuple[Phrase, float]]:
    """Translations of all words with their scores, best first.

    Phrases may change places, up to eight words away; each word jumped over costs a little, and the bigram model says
    which order sounds right.
    """
    choices = _choices(source, options, longest)
    rest = _Rest(len(source), choices, language)
    stacks: list[dict[tuple[int, int, Phrase], _Partial]] = [{} for _number in range(len(source) + 1)]
    stacks[0][0, 0, ()] = _Partial(0, 0, (), 0.0, 0.0)
    for number in range(len(source)):
        for partial in sorted(stacks[number].values(), key=lambda one: -one.hoped)[:BEAM]:
            open_at = (~partial.done & (partial.done + 1)).bit_length() - 1  # the first word not done
            for choice in choices:
                if choice.bits & partial.done or choice.first > open_at + FARTHEST:
                    continue
                longer = _longer(partial, choice, language, rest)
                stack = stacks[number + choice.behind - choice.first]
                key = (longer.done, longer.at, longer.words)
                if key not in stack or stack[key].score < longer.score:
                    stack[key] = longer
    ended: dict[Phrase, float] = {}
    for partial in stacks[-1].values():
        score = partial.score + WEIGHT_LANGUAGE * language.score((END,), partial.words[-1:])
        ended[partial.words] = max(score, ended.get(partial.words, -math.inf))
    return sorted(ended.items(), key=lambda one: -one[1])


def _choices(source: Words, options: Options, longest: int) -> list[_Choice]:
    """Every known phrase of the source with its translations; a word nobody translated stays as it is."""
    found = []
    for first in range(len(source)):
        for behind in range(first + 1, min(first + longest, len(source)) + 1):
            phrase = tuple(source[first:behind])
            known = options.get(phrase, [(phrase, UNKNOWN)] if behind == first + 1 else [])
            bits = (1 << behind) - (1 << first)
            found += [_Choice(first, behind, bits, target, weight) for target, weight in known]
    return found


class _Rest:
    """What translating the words that are left will add at best."""

    def __init__(self, n: int, choices: Sequence[_Choice], language: Bigrams) -> None:
        self.n = n
        self.best = [[-math.inf] * (n + 1) for _first in range(n + 1)]  # from one place to another
        self.known: dict[int, float] = {}
        for choice in choices:
            alone = math.log(language.probability("", choice.target[0]))
            inside = language.score(choice.target[1:], choice.target[:1])
            value = choice.weight + WEIGHT_LANGUAGE * (0.5 * alone + inside)
            self.best[choice.first][choice.behind] = max(self.best[choice.first][choice.behind], value)
        for length in range(2, n + 1):
            for first in range(n - length + 1):
                behind = first + length
                parts = (self.best[first][middle] + self.best[middle][behind] for middle in range(first + 1, behind))
                self.best[first][behind] = max(self.best[first][behind], *parts)

    def of(self, done: int) -> float:
        """The estimate for the words whose bits are not set."""
        if done not in self.known:
            total, first = 0.0, None
            for place in range(self.n + 1):
                is_open = place < self.n and not done >> place & 1
                if is_open and first is None:
                    first = place
                elif not is_open and first is not None:
                    total += self.best[first][place]
                    first = None
            self.known[done] = total
        return self.known[done]


def _longer(partial: _Partial, choice: _Choice, language: Bigrams, rest: _Rest) -> _Partial:
    done = partial.done | choice.bits
    score = (
        partial.score
        + choice.weight
        + WEIGHT_LANGUAGE * language.score(choice.target, partial.words[-1:])
        + WEIGHT_JUMP * abs(choice.first - partial.at)
    )
    return _Partial(done, choice.behind, partial.words + choice.target, score, score + rest.of(done))
