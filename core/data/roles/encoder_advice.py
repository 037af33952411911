"""Which encoder suits a column of words, by what can be measured of it: advice with its reason, never an order."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from core.data.roles import language_id
from core.data.schema import Advice
from core.letters import EAST_ASIAN_LETTER
from core.messages import Message, _, _n, say

MOST_VALUES = 2_000  # are looked at, evenly spread
LONGEST_NAME = 60  # letters; a longer value is no name with a slip in it
MOST_LETTERS = 5000  # of a value are looked at
FEW_WORDS = 4.0  # words per value: shorter ones are names, not texts
MANY_ALIKE = 0.1  # share of different values with a near double
MANY_CODES = 0.3
REPEATING = 0.9  # different values per value: names that come back are categories
FEW_DIFFERENT_WORDS = 100  # in all texts together
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"^[^\s\d]*+\d\S*+$")


@dataclass(frozen=True)
class Measured:
    """A column of words in numbers."""

    n_values: int
    n_distinct: int
    words_per_value: float  # a Chinese character counts as two thirds of a word
    n_words: int
    n_different_words: int
    near_doubles: float  # share of the different values that are another one but for a letter, case or punctuation
    codes: float  # share of values that are one word with a digit
    languages: dict[str, float]  # with their shares, the largest first

    @property
    def richness(self) -> float:
        """Different words per word."""
        return self.n_different_words / max(1, self.n_words)

    @property
    def short(self) -> bool:
        return self.words_per_value < FEW_WORDS


def advise(values: pd.Series, found: dict[str, float] | None = None) -> Advice | None:
    """The encoder that suits a column's filled values; None where there are none.

    found: the languages with their shares, as they were found when the table was read; None: looked for here
    """
    return None if len(values) == 0 else advice_for(measure(values, found))


def measure(values: pd.Series, found: dict[str, float] | None = None) -> Measured:
    """What the advice follows from."""
    texts = values.iloc[:: -(-len(values) // MOST_VALUES)].astype(str).str.slice(0, MOST_LETTERS)
    words = [word for text in texts for word in _WORD.findall(text.lower())]
    n_words = sum(map(_n_words, texts))
    short = n_words / len(texts) < FEW_WORDS
    different = texts.drop_duplicates().tolist()
    return Measured(
        n_values=len(texts),
        n_distinct=len(different),
        words_per_value=n_words / len(texts),
        n_words=round(n_words),
        n_different_words=len(set(words)),
        near_doubles=near_doubles(different) if short else 0.0,
        codes=float(texts.str.match(_CODE).mean()),
        languages=found or language_id.shares(texts),
    )


def advice_for(seen: Measured) -> Advice:
    """Dirty categories: their spelling; other languages: the multilingual model; else the meaning of the texts."""
    if seen.short and (reason := _dirty(seen)) is not None:
        return Advice(encoder="tfidf", reason=reason)
    if len(seen.languages) > 1:
        text = _("Its texts are in several languages: {shares}. Only Multilingual E5 reads them all.")
        return Advice(encoder="e5", reason=say(text, shares=language_id.shares_in_words(seen.languages)))
    if set(seen.languages) - {"en"}:
        return Advice(
            encoder="e5",
            reason=say(
                _n(
                    "Its {n:,} text of {words:.1f} words on average is in {language}; only Multilingual E5 reads it.",
                    "Its {n:,} texts of {words:.1f} words on average are in {language}; only Multilingual E5 reads it.",
                ),
                n=seen.n_values,
                words=seen.words_per_value,
                language=language_id.name(next(iter(seen.languages))),
            ),
        )
    if seen.n_different_words < FEW_DIFFERENT_WORDS and seen.n_values >= FEW_DIFFERENT_WORDS:
        return Advice(
            encoder="tfidf",
            reason=say(
                _n(
                    "All its {n:,} texts are made of {words} word: counting it says it all.",
                    "All its {n:,} texts are made of {words} different words: counting them says it all.",
                    "words",
                ),
                n=seen.n_values,
                words=seen.n_different_words,
            ),
        )
    return Advice(
        encoder="minilm",
        reason=say(
            _(
                "Its texts are diverse: {words:.1f} words on average, and {richness:.0%} of all words are different "
                "ones. A language model reads their meaning."
            ),
            words=seen.words_per_value,
            richness=seen.richness,
        ),
    )


def _dirty(seen: Measured) -> Message | None:
    """Why short values are names in several spellings rather than texts; None if they are not."""
    if seen.near_doubles >= MANY_ALIKE:
        return say(
            _("{share:.0%} of its {n:,} different values are spelled nearly like another one: compare their letters."),
            share=seen.near_doubles,
            n=seen.n_distinct,
        )
    if seen.codes >= MANY_CODES:
        return say(
            _("{share:.0%} of its values are codes, which mean nothing to a language model: compare their letters."),
            share=seen.codes,
        )
    if seen.n_distinct <= REPEATING * seen.n_values:
        return say(
            _("Its values are names of {words:.1f} words that repeat ({n:,} different ones): compare their letters."),
            words=seen.words_per_value,
            n=seen.n_distinct,
        )
    return None


def near_doubles(different: list[str]) -> float:
    """Share of values that equal another one when case, spaces and punctuation, or one letter, don't count.

    Two values one letter apart (changed, left out or added) share what is left when a letter is taken out of each:
    the neighbours of all values are found without comparing each with each.
    """
    bare = ["".join(_WORD.findall(value.lower())) for value in different]
    holders: dict[str, set[int]] = {}
    for place, value in enumerate(bare):
        for left in _shortened(value):
            holders.setdefault(left, set()).add(place)
    alike = {place for places in holders.values() if len(places) > 1 for place in places}
    return len(alike) / max(1, len(different))


def _shortened(value: str) -> set[str]:
    """A value and, where it is long enough that a letter is a slip, all that is left of it without one letter."""
    if not 5 <= len(value) <= LONGEST_NAME or any(map(str.isdigit, value)):  # another digit is another code, no slip
        return {value}
    return {value, *(value[:place] + value[place + 1 :] for place in range(len(value)))}


def _n_words(text: str) -> float:
    han = len(EAST_ASIAN_LETTER.findall(text))
    return len(_WORD.findall(EAST_ASIAN_LETTER.sub(" ", text))) + han * (2 / 3)
