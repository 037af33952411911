"""Ordered scales: low < medium < high, S < M < L, Likert, 10-19 < 20-29, < 1 year < 10+ years; and yes or no."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc

from core.data.values.counted import Counted
from core.data.values.ordered.scale_words import SCALES
from core.data.values.words import NO_ANSWER, NUMBER_WORDS

LONGEST = 100  # letters of a level that may be a range
MOST_LEVELS = 40
MOST_SPELLINGS = 10  # different words of a column of yes and no
MOSTLY = 0.95
_RANKS = tuple({word: rank for rank, words in enumerate(scale) for word in words.split("|")} for scale in SCALES)
_SIZES = next(ranks for ranks in _RANKS if "xxl" in ranks)
_AMOUNT = r"[$€£¥]?\s*\d[\d,. ]*(?:\s?[kKmM%])?"
RANGE = rf"^(?P<low>{_AMOUNT})\s*(?:-|–|—|~|to|bis|至|到)\s*(?P<high>{_AMOUNT})\s*(?P<unit>[^\d]*)$"
_BELOW = r"<=?|≤|less than|under|below|up to|fewer than|bis|unter|weniger als|moins de|menos de|不到|少于"
_ABOVE = r">=?|≥|more than|over|above|at least|über|mehr als|plus de|más de|超过"
_AND_MORE = r"\+|or more|and over|and above|or older|及以上|以上|und mehr|et plus|o más"
_AND_LESS = r"or less|and under|or younger|以下|及以下"
OPEN = (
    rf"^(?P<below>{_BELOW})?\s*(?P<above>{_ABOVE})?\s*"
    rf"(?P<number>{_AMOUNT}|{'|'.join(word for word in NUMBER_WORDS if word not in ('zero', 'none'))})\s*"
    rf"(?P<plus>\+)?\s*(?P<unit>[^\d+<>]{{0,24}}?)\s*(?P<more>{_AND_MORE})?(?P<less>{_AND_LESS})?$"
)
_PAIRS = """
true/false yes/no y/n t/f ja/nein j/n ja/nee ja/nej ja/nei oui/non o/n si/no sí/no sì/no s/n sim/não sim/nao да/нет
tak/nie ano/ne áno/nie igen/nem evet/hayır kyllä/ei da/nu da/ne on/off wahr/falsch vrai/faux vero/falso verdadero/falso
verdadeiro/falso ναι/όχι نعم/لا 是/否 有/无 对/错 はい/いいえ 예/아니오 ✓/✗ ✔/✘ ✔/✖ ✅/❌
"""
BOOLEANS = tuple(frozenset(pair.split("/")) for pair in _PAIRS.split())


def is_boolean(column: Counted) -> bool:
    """Whether cells say yes or no, in one of several languages.

    Examples
    --------
    >>> import pyarrow as pa
    >>> is_boolean(Counted.of(pa.array(["Ja", "nein", "ja"]))), is_boolean(Counted.of(pa.array(["yes", "maybe"])))
    (True, False)
    >>> is_boolean(Counted.of(pa.array(["Ja", "nein", "k.A."])))
    True
    """
    return bool(answers(column))


def answers(column: Counted) -> frozenset[str]:
    """The words for yes and no of a column, in small letters; nothing where it says anything but these and “no answer”.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sorted(answers(Counted.of(pa.array(["Ja", "nein", "k.A."]))))
    ['ja', 'nein']
    """
    words = set(pc.utf8_lower(column.values).to_pylist()) if len(column.values) <= MOST_SPELLINGS else set()
    for pair in BOOLEANS:
        if words and (words <= pair or (pair <= words and words - pair <= NO_ANSWER)):
            return pair
    return frozenset()


def levels(column: Counted) -> list[str]:
    """The words of an ordered scale, the lowest first; none where it is not one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> levels(Counted.of(pa.array(["High", "low", "Medium"])))
    ['low', 'Medium', 'High']
    >>> levels(Counted.of(pa.array(["10+ years", "< 1 year", "2 years", "1 year"])))
    ['< 1 year', '1 year', '2 years', '10+ years']
    """
    if not 2 <= len(column.values) <= MOST_LEVELS:
        return []
    looked = column.where(~column.gives_no_answer) if len(column.values) > 2 else column
    words = [str(word) for word in looked.values.to_pylist()]
    found = _in_words([str(word) for word in column.values.to_pylist()]) or _in_words(words)
    return found or _in_numbers(looked, words)


def _in_words(words: list[str]) -> list[str]:
    plain = {word: re.sub(r"\s+", " ", re.sub(r"^\d+\s*[-.:=)]\s*", "", word.lower())).strip() for word in words}
    for ranks in _RANKS:
        if len(set(plain.values())) > 1 and all(word in ranks for word in plain.values()):
            found = {ranks[word] for word in plain.values()}
            if len(found) > 1:
                return sorted(words, key=lambda word: (ranks[plain[word]], word))
    return []


def same_levels(column: Counted, found: list[str]) -> dict[str, str]:
    """Sizes that are one level under two names: folded name → the more frequent one; nothing where there are none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> column = Counted.of(pa.array(["S", "XXL", "XXL", "2XL"]))
    >>> same_levels(column, levels(column))
    {'2xl': 'XXL'}
    """
    ranks = [_SIZES.get(level.lower()) for level in found]
    if None in ranks:
        return {}
    counts = dict(zip(column.values.to_pylist(), column.counts.tolist(), strict=True))
    usual: dict[int | None, str] = {}
    for rank, level in sorted(zip(ranks, found, strict=True), key=lambda one: (-counts.get(one[1], 0), one[1])):
        usual.setdefault(rank, level)
    renamed = {level.lower(): usual[rank] for rank, level in zip(ranks, found, strict=True)}
    return {name: level for name, level in renamed.items() if level.lower() != name}


def _in_numbers(looked: Counted, words: list[str]) -> list[str]:
    """Ranges, and numbers of which some have an open end."""
    bounds = {word: bound for word in words if len(word) <= LONGEST and (bound := _bound(word)) is not None}
    weights = np.asarray([word in bounds for word in words], dtype=bool)
    if len(bounds) < 2 or looked.share(weights) < MOSTLY:
        return []
    kinds = {bound[2] for bound in bounds.values()}
    in_ranges = "range" in kinds and _apart(bounds)
    open_ended = {"open", "plain"} <= kinds and len(bounds) <= MOST_LEVELS // 2
    if not (in_ranges or open_ended):
        return []
    return sorted(bounds, key=lambda word: (bounds[word][0], bounds[word][1], word))


def _apart(bounds: dict[str, tuple[float, float, str]]) -> bool:
    """Ranges of a scale follow each other; scores of matches (3-1, 2-2) and codes don't."""
    ranges = sorted((low, high) for low, high, kind in bounds.values() if kind == "range")
    overlap = sum(later[0] < earlier[1] for earlier, later in pairwise(ranges))
    several = len(ranges) > 1 or any(kind == "open" for _low, _high, kind in bounds.values())
    return several and all(low < high for low, high in ranges) and overlap == 0


def _bound(word: str) -> tuple[float, float, str] | None:
    """Where a level lies: lower end, upper end, and whether it is a range, open or a plain number."""
    if found := re.match(RANGE, word, re.IGNORECASE):
        low, high = _number(found["low"]), _number(found["high"])
        return None if low is None or high is None else (low, high, "range")
    if not (found := re.match(OPEN, word, re.IGNORECASE)):
        return None
    number = _number(found["number"])
    if number is None:
        return None
    if found["below"] or found["less"]:
        return number - (0.0 if found["less"] or "=" in (found["below"] or "") else 0.5), number, "open"
    if found["above"] or found["plus"] or found["more"]:
        return number + (0.25 if found["plus"] or found["more"] else 0.5), float("inf"), "open"
    return number, number, "plain"


def _number(text: str) -> float | None:
    plain = text.strip().lower().lstrip("$€£¥ ")
    if plain in NUMBER_WORDS:
        return float(NUMBER_WORDS[plain])
    times = {"k": 1e3, "m": 1e6}.get(plain[-1:], 1.0)
    plain = re.sub(r"[, ](?=\d{3}(\D|$))", "", plain.rstrip("km% "))
    try:
        return float(plain) * times
    except ValueError:
        return None
