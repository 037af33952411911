"""The language of a text column, as far as it decides which encoder suits: English, Chinese or something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Literal

_WORDS = re.compile(r"[a-zà-öø-ÿ']+")
_ENGLISH = frozenset(
    [
        "the",
        "to",
        "and",
        "a",
        "of",
        "is",
        "in",
        "for",
        "i",
        "you",
        "it",
        "on",
        "that",
        "my",
        "with",
        "was",
        "have",
        "this",
        "at",
        "me",
        "be",
        "are",
        "not",
        "so",
        "but",
        "we",
        "just",
        "from",
        "can",
        "your",
        "all",
        "get",
        "out",
        "they",
        "if",
        "will",
        "what",
        "no",
        "do",
        "as",
        "or",
        "by",
        "an",
        "has",
        "had",
        "been",
        "more",
        "when",
        "there",
        "about",
        "which",
        "one",
        "would",
        "their",
        "were",
        "he",
        "she",
        "his",
        "her",
        "our",
        "who",
        "how",
        "him",
        "them",
        "than",
        "then",
        "only",
        "its",
        "also",
        "very",
        "after",
        "into",
        "over",
        "some",
        "other",
        "because",
        "could",
    ]
)
_OTHER = frozenset(
    [
        "de",
        "la",
        "le",
        "les",
        "des",
        "et",
        "en",
        "un",
        "une",
        "du",
        "que",
        "est",
        "pour",
        "qui",
        "dans",
        "el",
        "los",
        "las",
        "y",
        "por",
        "con",
        "para",
        "una",
        "del",
        "se",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ein",
        "eine",
        "mit",
        "von",
        "zu",
        "den",
        "auf",
        "für",
        "sich",
        "auch",
        "il",
        "di",
        "che",
        "non",
        "per",
        "della",
        "gli",
        "sono",
        "do",
        "da",
        "em",
        "os",
        "não",
        "uma",
        "com",
        "het",
        "een",
        "van",
        "dat",
        "niet",
        "op",
        "och",
        "att",
        "det",
        "som",
        "är",
        "på",
        "av",
        "med",
        "jag",
        "inte",
    ]
)


def guess(texts: Iterable[str]) -> Literal["en", "zh", "other"]:
    """The language most of the texts are in.

    Latin letters without a common word of another language count as English: names, titles and codes.
    """
    sample = " ".join(text[:1000] for text in islice((text for text in texts if text), 500))[:100_000].lower()
    han = sum("㐀" <= character <= "鿿" for character in sample)
    kana = sum("぀" <= character <= "ヿ" for character in sample)
    latin = sum("a" <= character <= "z" for character in sample)
    letters = sum(character.isalpha() for character in sample)
    if not letters:
        return "en"
    if han + kana > 0.3 * letters:
        return "other" if kana > 0.2 * (han + kana) else "zh"
    if latin < 0.5 * letters:
        return "other"
    words = _WORDS.findall(sample)
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER for word in words)
    return "other" if other > english and other > 0.05 * len(words) else "en"
