"""Texts that are worst for a pattern, made from the pattern itself: what repeats in it, repeated without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, permutations
from re import _constants as codes
from re import _parser as parser
from typing import Any

CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
OF_ITSELF = (codes.LITERAL, codes.RANGE)
ANYTHING = "aA1 .,\n中"
ENDINGS = ("", "\x00", " x")  # of which the last ones fit next to nothing: what came before was in vain
MOST_LETTERS = 6  # of which pairs are made


def worst_texts(pattern: re.Pattern[Any], n: int) -> Iterator[Any]:
    """Texts of about `n` characters; bytes for a pattern of bytes."""
    source = pattern.pattern
    tree = parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(source, bytes) else pattern.flags)
    letters = list(dict.fromkeys(chain.from_iterable(_letters(tree))))
    few = letters[:MOST_LETTERS]
    units = [*letters, *("".join(pair) for pair in permutations(few, 2)), *_repeated(tree)]
    whole = _sample(tree)
    texts = [head + unit * (n // len(unit)) for head in dict.fromkeys(["", whole]) for unit in units if unit]
    texts += [head + one * (n // len(one)) for head in dict.fromkeys(_heads(tree)) for one in letters if head]
    texts += [whole * (n // len(whole))] if whole else []
    for text in dict.fromkeys(texts):
        for made in (text + end for end in ENDINGS):
            yield made.encode("latin-1", "replace") if isinstance(source, bytes) else made


def _letters(tree: Any) -> Iterator[str]:
    """Letters that each step of a pattern takes."""
    for code, value in tree:
        if code in (codes.LITERAL, codes.IN, codes.NOT_LITERAL, codes.ANY):
            yield _members(code, value)[:4]
        for part in _parts(code, value):
            yield from _letters(part)


def _members(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.ANY:
        return "a"
    if code is codes.NOT_LITERAL:
        return "".join(letter for letter in ANYTHING if ord(letter) != value)
    own = "".join(chr(what if kind is codes.LITERAL else what[0]) for kind, what in value if kind in OF_ITSELF)
    return "".join(letter for letter in dict.fromkeys(own + ANYTHING) if _takes(value, letter))


def _takes(members: Any, letter: str) -> bool:
    """Whether a set of letters, as the parser gives it, has this one."""
    inside = any(
        (kind is codes.LITERAL and ord(letter) == what)
        or (kind is codes.RANGE and what[0] <= ord(letter) <= what[1])
        or (kind is codes.CATEGORY and re.fullmatch(CATEGORIES[what], letter) is not None)
        for kind, what in members
    )
    return inside != (members[0][0] is codes.NEGATE)


def _parts(code: Any, value: Any) -> list[Any]:
    """The patterns inside of a step."""
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if code in (codes.SUBPATTERN, codes.ASSERT, codes.ASSERT_NOT, codes.ATOMIC_GROUP):
        return [value if code is codes.ATOMIC_GROUP else value[-1]]
    if code is codes.BRANCH:
        return list(value[1])
    if code is codes.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return []


def _repeated(tree: Any) -> Iterator[str]:
    """A sample of each part that may come often."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[1] > 1:
            yield _sample(value[2])
        for part in _parts(code, value):
            yield from _repeated(part)


def _heads(tree: Any, before: str = "") -> Iterator[str]:
    """What must stand before each part of a pattern that may come often."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield before
        for part in _parts(code, value):
            yield from _heads(part, before)
        before += _sample([(code, value)], fewest=True)


def _sample(tree: Any, fewest: bool = False) -> str:
    """A short text that fits a pattern, more or less; with the fewest of what may come often."""
    text = ""
    for code, value in tree:
        if code in (codes.LITERAL, codes.IN, codes.NOT_LITERAL, codes.ANY):
            text += _members(code, value)[:1]
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            text += _sample(value[2], fewest) * (value[0] if fewest else max(1, min(value[0], 3)))
        elif code not in (codes.ASSERT, codes.ASSERT_NOT):
            text += "".join(_sample(part, fewest) for part in _parts(code, value)[:1])
    return text
