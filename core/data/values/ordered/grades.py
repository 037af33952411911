"""Scales that follow from how their levels are written: ★★★☆☆, AAA to D, A+ to F, P1 to P4, Stage IIIa."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.data.values.counted import Counted

MOST_LEVELS = 40
_STARS = re.compile(r"^([★⭐*]*)(½?)([☆✩✰]*)$")
_RATING = re.compile(r"^(AAA|AA|A|BBB|BB|B|CCC|CC|C|RD|SD|D)([+-]?)$")
_LETTERS = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "RD", "SD", "D")
_RATINGS = {name: -rank for rank, name in enumerate(_LETTERS)}
_MOODYS = re.compile(r"^(Aaa|Aa|A|Baa|Ba|B|Caa|Ca|C)([123]?)$")
_MOODYS_RANKS = {name: -rank for rank, name in enumerate(("Aaa", "Aa", "A", "Baa", "Ba", "B", "Caa", "Ca", "C"))}
_GRADE = re.compile(r"^([A-G])([+-]{0,3})$")
_NUMBERED = re.compile(
    r"^(?P<word>stage|stadium|stade|stadio|estadio|grade|grad|phase|fase|level|niveau|nivel|livello|stufe|tier|step|degree"
    r"|priority|prio|priorität|priorité|prioridad|severity|sev|nyha|asa|figo)"
    r"[ ._-]*(?P<number>\d{1,2}|[ivx]{1,4})(?P<part>[a-d]?)$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"^(?P<word>[A-Za-z]{0,2}?)(?P<number>\d|[IVX]{1,4})(?P<part>[A-Da-d]?)$")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_GRADED_NAME = re.compile(
    r"(^|[\s_.-])(grades?|marks?|ratings?|score|note|noten|nota|voto|rank|energy|epc|dpe|energie\w*"
    r"|efficiency|schulnote|bonität)($|[\s_.-])|等级|评级|级别|成绩",
    re.IGNORECASE,
)
_STAGED_NAME = re.compile(
    r"(^|[\s_.-])(priority|prio|priorität|priorité|prioridad|severity|sev|urgency|stage|staging|stadium|stade|grade|grading"
    r"|level|tier|phase|asa|nyha|figo|ajcc|p?[tnm]|tnm|isup|birads|child.?pugh)($|[\s_.-])|优先级|分期|级别|等级",
    re.IGNORECASE,
)
Rank = Callable[[str], tuple[float, ...] | None]


def levels(column: Counted, name: str) -> list[str]:
    """The levels of a scale told by how they are written, the lowest first; none where it is not one.

    Letters and codes alone (A, B, C; P1, P2) are a scale only under a name that says so.

    Examples
    --------
    >>> import pyarrow as pa
    >>> levels(Counted.of(pa.array(["BBB-", "AAA", "D"])), "v")
    ['D', 'BBB-', 'AAA']
    >>> levels(Counted.of(pa.array(["P1", "P2"])), "player"), levels(Counted.of(pa.array(["P1", "P2"])), "priority")
    ([], ['P1', 'P2'])
    """
    looked = column.where(~column.gives_no_answer)
    words = [str(word) for word in looked.values.to_pylist()]
    if not 2 <= len(words) <= MOST_LEVELS or max(map(len, words)) > 20:
        return []
    for rank in _ranks(words, name):
        found = {word: place for word in words if (place := rank(word)) is not None}
        if len(found) == len(words) and len(set(found.values())) > 1:
            return sorted(words, key=lambda word: (found[word], word))
    return []


def _ranks(words: list[str], name: str) -> list[Rank]:
    """Which ways to rank the words are worth trying."""
    ranks: list[Rank] = [_stars, _numbered(words)]
    signs = any(word[-1:] in "+-" for word in words)
    if any(word.rstrip("+-") in ("AAA", "BBB", "BB", "CCC") for word in words):
        ranks.append(_rating)
    if any(word[:3] in ("Aaa", "Baa", "Caa") or word[:2] in ("Aa", "Ba") for word in words):
        ranks.append(_moodys)
    if (signs and len(words) > 2) or _GRADED_NAME.search(name) or set(words) == set("ABCDF"):
        ranks.append(_grade)
    if _STAGED_NAME.search(name):
        ranks.append(_lettered(words))
    return ranks


def _stars(word: str) -> tuple[float, ...] | None:
    found = _STARS.match(word)
    return (len(found[1]) + 0.5 * bool(found[2]),) if found and (found[1] or found[3]) else None


def _sign(signs: str) -> float:
    return signs.count("+") - signs.count("-")


def _rating(word: str) -> tuple[float, ...] | None:
    found = _RATING.match(word)
    return (_RATINGS[found[1]], _sign(found[2])) if found else None


def _moodys(word: str) -> tuple[float, ...] | None:
    found = _MOODYS.match(word)
    return (_MOODYS_RANKS[found[1]], -float(found[2] or 2)) if found else None


def _grade(word: str) -> tuple[float, ...] | None:
    found = _GRADE.match(word)
    return (-float(ord(found[1])), _sign(found[2])) if found else None


def _numbered(words: list[str]) -> Rank:
    """Stage IIIa: the same word before all numbers."""
    return _by_number(words, _NUMBERED)


def _lettered(words: list[str]) -> Rank:
    """P1, T2a, IIIb: the same letters before all numbers."""
    return _by_number(words, _LETTER)


def _by_number(words: list[str], pattern: re.Pattern[str]) -> Rank:
    same = len({found["word"].lower() for word in words if (found := pattern.match(word))}) == 1

    def rank(word: str) -> tuple[float, ...] | None:
        found = pattern.match(word)
        if found is None or not same:
            return None
        number = float(found["number"]) if found["number"].isdigit() else _ROMAN.get(found["number"].lower())
        return None if number is None else (number, float(ord(found["part"].lower()) if found["part"] else 0))

    return rank
