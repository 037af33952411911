"""Text about results whose numbers can be trusted: facts come from the data, and every number is checked against them.

A small model invents numbers. So it is given the facts, and afterwards each sentence with a number that does not
stand in the facts is taken out; what remains says which numbers were checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.assistant.fact_filter import restates
from core.assistant.han import NUMERALS, apart
from core.assistant.numbers_said import NUMBER, PLAIN, readings, stands
from core.letters import has_han

WORDS = re.compile(
    r"(?<![^\W\d_])(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)"
    r"teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|"
    r"halves|halved|thirds?|quarters?|twice|doubled?|doubles|tripled?|triples)(?:fold)?(?![^\W\d_])",
    re.IGNORECASE,
)
GUESSING = re.compile(r"guess|dummy|baseline|chance|always|盲 猜|猜 测|随 机|基 线", re.IGNORECASE)
LEVEL = re.compile(
    r"\b95\s?(?:%|per\s?cent)(?=\s+(?:(?:confidence|certainty|intervals?|sure)\b|(?:的 )?(?:置 信|区 间|把 握)))",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|(?<=[。！？])[”’）]*\s*")
_CLAUSE = re.compile(r"(?<=[.!?])\s+|;\s+|[。；]\s*")  # of a fact: what it says, one thing at a time
_WIDE_ENDS = ("。", "！", "？", "”", "）")
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•#]+)\s+")
_AROUND = "()[]{}\"'“”‘’*_,;:.!?…"


def checked(text: str, facts: str, names: Sequence[str] | None = None) -> tuple[str, list[str], int]:
    """Keep only sentences whose numbers stand in the facts.

    All numbers of a sentence must stand in the same fact (a line of `facts`): as written there, as a percentage, or
    rounded to fewer decimals. The score of guessing is not taken for the model's, nor the other way round. Numbers
    written as words, or glued to letters, count as invented unless the facts use the same.

    Parameters
    ----------
    names : list of str, optional
        What the facts are about. If given, a sentence must also say again what one of the facts says of them.

    Returns
    -------
    (text, numbers, removed)
        What is left, the numbers that were found in the facts, and how many sentences were taken out.
    """
    kept, found, removed = "", [], 0
    parts = [*facts.splitlines(), *(part for line in facts.splitlines() for part in _CLAUSE.split(line) if part)]
    known, about = apart("\n".join(parts)), None if names is None else [apart(name) for name in names]
    for sentence in sentences(text):
        said = apart(sentence)
        numbers = grounded(said, known)
        if numbers is None or (about is not None and not restates(said, known.splitlines(), about)):
            removed += 1
        else:
            kept += sentence if not kept or kept.endswith(_WIDE_ENDS) else f" {sentence}"
            found += numbers
    return kept, found, removed


def sentences(text: str) -> list[str]:
    """The sentences of a text in English or Chinese, without the marks of a list.

    Examples
    --------
    >>> sentences("1. It works. It is quick.")
    ['It works.', 'It is quick.']
    """
    lines = (_LIST_MARK.sub("", line) for line in text.splitlines())
    return [part.strip() for line in lines for part in _SENTENCE.split(line) if part.strip()]


def whole_sentences(text: str) -> str:
    """What has been written up to the end of the last sentence that is surely complete."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return text[: max([*ends, text.rfind("\n") + 1])]


def grounded(sentence: str, facts: str) -> list[str] | None:
    """The numbers of one sentence if it may stay, else None."""
    facts, sentence = apart(facts), apart(sentence)
    if LEVEL.search(facts):  # the 95 of “95 % interval” measures nothing: it may be said of an interval only
        facts, sentence = LEVEL.sub("", facts), LEVEL.sub("", sentence)
    if {word.lower() for word in WORDS.findall(sentence)} - {word.lower() for word in WORDS.findall(facts)}:
        return None
    names = {token for token in map(_bare, facts.split()) if not PLAIN.fullmatch(token)}
    spelled = [token for token in map(_bare, sentence.split()) if any(map(_digit, token)) and token not in names]
    if not spelled:
        return []
    if not all(PLAIN.fullmatch(token) for token in spelled):
        return None
    numbers = [token.strip() for token in NUMBER.findall(sentence)]
    about_guessing = GUESSING.search(sentence) is not None
    for fact in facts.splitlines():
        known = [value for token in NUMBER.findall(fact) for value in readings(token)]
        same_subject = about_guessing == (GUESSING.search(fact) is not None)
        if same_subject and len(numbers) == len(spelled) and all(stands(token, known) for token in numbers):
            return numbers
    return None


def _bare(token: str) -> str:
    return token.strip(_AROUND).removesuffix("'s").removesuffix("’s")


def _digit(character: str) -> bool:
    return character in NUMERALS or (character.isnumeric() and not has_han(character))
