"""Whether a passage says what an answer says: its content words and numbers stand in one of its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.assistant.numbers_said import NUMBER, readings, stands
from core.language.sentences import sentences
from core.text_tasks.words import content_words, is_empty, stem, words

_WORD = re.compile(r"\s+([^\W\d_]+)")
ENOUGH = 0.8  # of the answer's own content words
_DENIALS = """
no not never none neither nor without nothing nobody cannot 不 没 没有 无 非 未
"""
DENIALS = frozenset(_DENIALS.split())


def share(answer: str, passage: str, question: str = "") -> float:
    """Of the answer's content words that the question does not say already, the share in the best single sentence.

    A sentence counts as nothing where it lacks one of the answer's numbers, or has it in front of another word, or
    where the answer denies and the sentence does not. An answer that only says again what was asked has no share.
    """
    own = _stems(answer) - _stems(question)
    if not own:
        return 0.0
    return max((_of_sentence(answer, own, sentence) for sentence in sentences(passage)), default=0.0)


def best_passage(answer: str, passages: Sequence[str], question: str = "") -> tuple[int | None, bool]:
    """Which passage bears an answer out best, and whether it does.  →  its place, or None if none has anything of it"""
    shares = [share(answer, passage, question) for passage in passages]
    if not shares or max(shares) == 0:
        return None, False
    place = shares.index(max(shares))
    return place, shares[place] >= ENOUGH


def _of_sentence(answer: str, own: set[str], sentence: str) -> float:
    if not _numbers_stand(answer, sentence):
        return 0.0
    if set(words(answer)) & DENIALS and not set(words(sentence)) & DENIALS:
        return 0.0
    return len(own & _stems(sentence)) / len(own)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _numbers_stand(answer: str, sentence: str) -> bool:
    """Whether each number of the answer stands in the sentence, and counts the same thing."""
    known = [(value, unit) for token, unit in _counted(sentence) for value in readings(token)]
    return all(
        any(stands(token, [value]) and (not unit or not other or unit == other) for value, other in known)
        for token, unit in _counted(answer)
    )


def _counted(text: str) -> list[tuple[str, str]]:
    """Numbers with the stem of the content word right behind them, if there is one."""
    found = []
    for number in NUMBER.finditer(text):
        behind = _WORD.match(text, number.end())
        word = behind.group(1).lower() if behind else ""
        found.append((number.group(), "" if is_empty(word) else stem(word)))
    return found
