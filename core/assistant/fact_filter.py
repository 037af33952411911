"""Whether a sentence of the model says again what a fact says: its words, in their order, about the same names.

A small model writes fluently of things it was not told, and turns around who is ahead of whom. So a sentence may stay
only if nearly all its content words stand close together in one single fact, in the same order, with all its numbers
among them; if the names it says stand in that fact, too; and if no word that turns a meaning around was added to it or
left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.assistant.han import FILLERS, TURNING
from core.assistant.numbers_said import NUMBER, PLAIN, readings, stands
from core.letters import has_han

ENOUGH = 0.8  # of a sentence's content words
FEWEST = 2  # content words; fewer say nothing
WIDEST = 1.5  # times as many words of the fact as of the sentence: what is further apart is not one statement
ENOUGH_HAN = 0.9  # of Chinese characters, of which a single one tells precision from accuracy
_TOKEN = re.compile(rf"{NUMBER.pattern}|[^\W_]+(?:[_'’][^\W_]+)*")
_QUOTED = re.compile(r"“([^“”]*+)”|\"([^\"“”]*+)\"")
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
    """Whether one of the facts says what the sentence says; both as `core.assistant.han.apart` writes them.

    Of a fact about something with a name, the sentence must say that name; of any other, nearly all of it.
    """
    said = words(sentence)
    if sum(not PLAIN.fullmatch(word) for word in said) < FEWEST:
        return False
    return any(_says(sentence, said, fact, names) for fact in facts)


def _says(sentence: str, said: list[str], fact: str, names: Sequence[str]) -> bool:
    here = [name for name in names if mentions(fact, [name])]
    elsewhere = [name for name in names if name not in here]
    if mentions(_without(sentence, here), elsewhere) or not _quotes(sentence) <= _quotes(fact) | {
        name.casefold() for name in here
    }:
        return False
    told = words(fact)
    places = _aligned(said, told, foreign=has_han(sentence))
    if places is None or places[-1] - places[0] + 1 > WIDEST * len(said) + 2:
        return False
    taken = set(places)
    if any(told[place] in NEGATIONS and place not in taken and place + 1 in taken for place in range(len(told))):
        return False
    return mentions(sentence, here) if here else len(places) >= ENOUGH * len(told)


def _aligned(said: list[str], told: list[str], *, foreign: bool) -> list[int] | None:
    """Places in a fact of the sentence's words, in order; None where too few stand there, or one that must.

    Numbers and turning words must; in Chinese words in other letters, too.
    """
    share = ENOUGH_HAN if foreign else ENOUGH
    must = [bool(PLAIN.fullmatch(word)) or word in TURNS or (foreign and not has_han(word)) for word in said]
    none = -len(said) - 1
    best = [[0] * (len(told) + 1)]  # of the first words of both: how many are matched
    for place, word in enumerate(said):
        row = [none if must[place] else best[-1][0]]
        for other, known in enumerate(told):
            skipped = none if must[place] else best[-1][other + 1]
            matched = best[-1][other] + 1 if _same(word, known) else none
            row.append(max(row[-1], skipped, matched))
        best.append(row)
    if best[-1][-1] < share * len(said) or best[-1][-1] < 1:
        return None
    places, row_, column = [], len(said), len(told)
    while row_ and column:
        if best[row_][column] == best[row_][column - 1]:
            column -= 1
        elif _same(said[row_ - 1], told[column - 1]) and best[row_][column] == best[row_ - 1][column - 1] + 1:
            row_, column = row_ - 1, column - 1
            places.append(column)
        else:
            row_ -= 1
    return places[::-1] or None


def _same(said: str, told: str) -> bool:
    if PLAIN.fullmatch(said) and PLAIN.fullmatch(told):
        return stands(said, readings(told))
    return said == told


def _without(sentence: str, names: Sequence[str]) -> str:
    """A sentence without these names and their parts, so that a name within another one is not found."""
    for part in sorted(_parts(names), key=len, reverse=True):
        sentence = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", " ", sentence, flags=re.IGNORECASE)
    return sentence


def _quotes(text: str) -> set[str]:
    """What stands in quotation marks, in small letters."""
    return {found.strip().casefold() for pair in _QUOTED.findall(text) for found in pair if found.strip()}


def mentions(sentence: str, names: Sequence[str]) -> bool:
    """Whether one of these names, or a whole part of one between dots, stands in the sentence."""
    found = (re.search(rf"(?<!\w){re.escape(part)}(?!\w)", sentence, re.IGNORECASE) for part in _parts(names))
    return any(one is not None for one in found)


def _parts(names: Sequence[str]) -> set[str]:
    """Names, and whole parts of them between dots."""
    return {part.strip() for name in names for part in (name, *name.split(" · ")) if len(part.strip()) > 1}


def words(text: str) -> list[str]:
    """Content words without their commonest endings, and numbers, in order."""
    found = [one.group() for one in _TOKEN.finditer(text)]
    return [
        "".join(one.split()) if PLAIN.fullmatch("".join(one.split())) else stem(one.lower())
        for one in found
        if one.lower() not in EMPTY
    ]


def stem(word: str) -> str:
    """“raises” and “raised” → “rais”: only good for telling whether two words may be the same one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


EMPTY = frozenset(_FILLERS.split()) | FILLERS
TURNS = frozenset(map(stem, _TURNING.split())) | TURNING
_NEGATING = "no not never without neither nor cannot nothing none nobody"
NEGATIONS = frozenset(map(stem, _NEGATING.split())) | frozenset("不没无未非否莫勿别")
