"""Labelling functions: each looks at a text and votes for a class, or says nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from core.fuse.assisted.label_model import ABSTAIN
from core.letters import UNSPACED_LETTER

CONFIDENT = 0.5  # share of the training rows, the clearest ones, on which similarity to names votes


def plain(text: str) -> str:
    """A text as rules compare it: case, width, curly quotes and the amount of white space make no difference."""
    told = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(told.split())


def contains(text: str, phrase: str) -> bool:
    """Whether a word or phrase stands in a text, both as `plain` makes them.

    “cat” does not stand in “concatenate”, but 好 stands in 很好吃: only where a script puts spaces between words must
    they be whole. A phrase that begins or ends with punctuation, such as “:)”, is bounded by nothing there.
    """
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        end = start + len(phrase)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (_one_word(before, phrase[0]) or _one_word(phrase[-1], after)):
            return True
        start = text.find(phrase, start + 1)
    return False


def votes_of_rule(texts: Sequence[str], words: Sequence[str], label: int) -> np.ndarray:
    """`label` where any of the words or phrases stands in the text, else −1; shape (n,)."""
    phrases = [made for word in words if (made := plain(word))]
    return np.asarray([label if any(contains(text, one) for one in phrases) else ABSTAIN for text in texts], dtype=int)


def margins(probabilities: np.ndarray) -> np.ndarray:
    """How far the likeliest class is ahead of the next.  (n, k)  →  log-odds (n,)"""
    two = np.sort(np.log(np.maximum(probabilities, 1e-12)), axis=1)[:, -2:]
    return two[:, 1] - two[:, 0]


def votes_of_names(probabilities: np.ndarray, least: float) -> np.ndarray:
    """The likeliest class where it is ahead by more than `least` (log-odds), else −1; shape (n,)."""
    return np.where(margins(probabilities) > least, probabilities.argmax(axis=1), ABSTAIN)


def _one_word(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word of a script that has spaces; ``""``: there is none."""
    return bool(left and right) and _joins(left) and _joins(right)


def _joins(character: str) -> bool:
    return character.isalnum() and not UNSPACED_LETTER.match(character)
