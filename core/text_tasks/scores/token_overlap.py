"""Answers compared with the right ones as in SQuAD: small letters, no punctuation, no articles.

References
----------
Rajpurkar et al., "SQuAD: 100,000+ questions for machine comprehension of text", EMNLP 2016, section 6.1.
"""

from __future__ import annotations

from collections import Counter

from core.letters import begins_with_han
from core.text_tasks.words import words

ARTICLES = frozenset({"a", "an", "the"})


def plain(text: str) -> list[str]:
    """The words that are compared; Chinese is compared by its characters, since words may be cut differently."""
    found: list[str] = []
    for word in words(text):
        if word not in ARTICLES:
            found += [word] if word.isascii() or not begins_with_han(word) else list(word)
    return found


def token_f1(reference: str, answer: str) -> float:
    """Harmonic mean of the shares of words in common, 0 to 1."""
    right, said = plain(reference), plain(answer)
    common = sum((Counter(right) & Counter(said)).values())
    return 2 * common / (len(right) + len(said)) if common else float(not right and not said)


def exact(reference: str, answer: str) -> bool:
    """Whether both are the same."""
    return plain(reference) == plain(answer)


def contains(text: str, reference: str) -> bool:
    """Whether the reference stands in the text, word for word."""
    whole, part = plain(text), plain(reference)
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))
