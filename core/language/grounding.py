"""Numbers in a text, held against the facts they must come from. A number that is in no fact does not get through."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NUMBER = re.compile(
    r"(?P<sign>[-−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<percent>\s?%|\s+(?:percent|per cent)\b)?"
)
TOKEN = re.compile(r"\S*\d\S*")
NUMERALS = ["zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "dozen", "dozens", "half", "halves", "halved", "twice", "double", "doubled", "doubles", "triple", "tripled", "triples", "quarter", "quarters", "thirds", "fold"]
NUMERAL = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(NUMERALS)})(?![^\W\d_])", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"”’)]*(?:\s+|$)|\n+")
LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•#]+)\s+")


@dataclass(frozen=True)
class Fact:
    """One statement that holds, with what may be said of it.

    Parameters
    ----------
    text : str
        The statement; every number in it may be used.
    values : tuple of float
        The same numbers unrounded.
    needs, avoids : tuple of str
        A sentence that uses these numbers has one of `needs` in it (if there are any) and none of `avoids`: the
        score of guessing is not to pass for the model's.
    """

    text: str
    values: tuple[float, ...] = ()
    needs: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()

    def speaks_of(self, sentence: str) -> bool:
        """Whether a sentence is about this fact's subject."""
        lower = sentence.lower()
        return (not self.needs or any(word.lower() in lower for word in self.needs)) and not any(
            word.lower() in lower for word in self.avoids
        )


@dataclass(frozen=True)
class Number:
    """A number as written: ``81.3 %`` has value 81.3, one decimal, and is a percentage."""

    text: str
    value: float
    decimals: int
    percent: bool

    def states(self, value: float) -> bool:
        """Whether this is `value`, rounded, perhaps as a percentage."""
        if self.percent:
            return self._rounds(100 * value)
        return self._rounds(value)

    def _rounds(self, value: float) -> bool:
        if self.decimals == 0 and abs(value) < 10 and value != round(value):
            return False  # nothing would be left of 0.97 in "1"
        return abs(self.value - value) <= 0.5 * 10.0**-self.decimals + 1e-9 * max(1.0, abs(value))


def numbers(text: str) -> list[Number]:
    """The numbers written in digits."""
    found = []
    for match in NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        digits = match["digits"].replace(",", "")
        value = float(digits) * (-1 if match["sign"] else 1)
        decimals = len(digits.partition(".")[2])
        found.append(Number(match[0].strip(), value, decimals, match["percent"] is not None))
    return found


def sentences(text: str) -> list[str]:
    """Sentences, without the marks of lists."""
    parts = (LIST_MARK.sub("", part).strip() for part in SENTENCE_END.split(text))
    return [part for part in parts if part]


def grounded(sentence: str, facts: list[Fact], names: list[str]) -> list[str] | None:
    """The numbers of a sentence, if all of them stand in one fact that the sentence is about; otherwise None.

    Digits inside a known name (``F1``, a column's name) are no numbers; digits glued to letters otherwise, and number
    words, are never accepted.
    """
    plain = _without_names(unicodedata.normalize("NFKC", sentence), names)
    if NUMERAL.search(plain):
        return None
    written = numbers(plain)
    if not written:
        return None if re.search(r"\d", plain) else []
    if not _all_plain(plain):
        return None
    for fact in facts:
        values = _values(fact)
        if fact.speaks_of(sentence) and all(any(number.states(value) for value in values) for number in written):
            return [number.text for number in written]
    return None


def keep_grounded(text: str, facts: list[Fact], names: list[str]) -> tuple[list[str], list[str], int]:
    """The sentences that may stay, the numbers in them, and how many sentences had to go."""
    kept, checked, n_removed = [], [], 0
    for sentence in sentences(text):
        found = grounded(sentence, facts, names)
        if found is None:
            n_removed += 1
        else:
            kept.append(sentence)
            checked += found
    return kept, checked, n_removed


def _values(fact: Fact) -> list[float]:
    values = list(fact.values)
    for number in numbers(fact.text):
        values.append(number.value / 100 if number.percent else number.value)
    return values


def _without_names(text: str, names: list[str]) -> str:
    for name in sorted({name for name in names if re.search(r"\d", name)}, key=len, reverse=True):
        shown = re.escape(unicodedata.normalize("NFKC", name))
        text = re.sub(rf"(?<![\w.,]){shown}(?![\w%]|[.,]\d)", " ", text, flags=re.IGNORECASE)
    return text


def _all_plain(text: str) -> bool:
    """Whether every digit belongs to a number that stands alone, but for punctuation around it."""
    for token in TOKEN.findall(text):
        bare = token.strip("()[]\"'“”‘’*_,;:.!?…").removesuffix("'s")
        if not re.fullmatch(r"[-−+±]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?", bare):
            return False
    return True
