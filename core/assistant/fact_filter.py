"""Whether a sentence of the model says again what a fact says: its words, in their order, about the same names.

A small model writes fluently of things it was not told, and turns around who is ahead of whom. So a sentence may stay
only if nearly all its content words stand in one single fact in the same order, if it speaks of something that has a
name there, and if no word that turns a meaning around is the sentence's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.assistant.han import FILLERS, TURNING

ENOUGH = 0.8  # of a sentence's content words
FEWEST = 2  # content words; fewer say nothing
_WORD = re.compile(r"[^\W_]+(?:[_'’][^\W_]+)*")
_FILLERS = """
a an and are as at be been by can could do does for from had has have in into is it its of on or our so such than that
the their them then there these they this those to was we were which while who will with would you your
"""
_TURNING = """
no not never without neither nor cannot less more fewer lower higher better worse best worst ahead behind above below
raise lower increase decrease reduce improve outperform beat fail only but most least far clearly slightly
significantly highly
"""
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ies", "ers", "er", "ed", "es", "ly", "s", "e")


def restates(sentence: str, facts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether one of the facts says what the sentence says, and the sentence speaks of something with a name.

    One that says nearly all of a fact needs no name: it is about what the fact is about.
    """
    said, named = stems(sentence), mentions(sentence, names)
    if len(said) < FEWEST:
        return False
    told = (stems(fact) for fact in facts)
    return any(_follows(said, fact) and (named or _in_order(said, fact) >= ENOUGH * len(fact)) for fact in told)


def mentions(sentence: str, names: Sequence[str]) -> bool:
    """Whether one of these names, or a whole part of one between dots, stands in the sentence."""
    parts = {part.strip() for name in names for part in (name, *name.split(" · ")) if len(part.strip()) > 1}
    return any(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", sentence, re.IGNORECASE) is not None for part in parts)


def stems(text: str) -> list[str]:
    """Content words in order, in small letters, without their commonest endings."""
    return [stem(word) for word in map(str.lower, _WORD.findall(text)) if word not in EMPTY and not word.isdigit()]


def stem(word: str) -> str:
    """“raises” and “raised” → “rais”: only good for telling whether two words may be the same one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _follows(said: list[str], fact: list[str]) -> bool:
    if (set(said) & TURNS) - set(fact):
        return False
    return _in_order(said, fact) >= ENOUGH * len(said)


def _in_order(first: list[str], second: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for one in first:
        corner = 0
        for place, other in enumerate(second, start=1):
            above = row[place]
            row[place] = corner + 1 if one == other else max(above, row[place - 1])
            corner = above
    return row[-1]


EMPTY = frozenset(_FILLERS.split()) | FILLERS
TURNS = frozenset(map(stem, _TURNING.split())) | TURNING
