"""Text about results whose numbers can be trusted: facts come from the data, and every number is checked against them.

A small model invents numbers. So it is given the facts, and afterwards each sentence with a number that does not
stand in the facts is taken out; what remains says which numbers were checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"(?<![\w.])[-−+]?\d[\d,]*(?:\.\d+)?\s?%?")
WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|"
    r"half|third|quarter|twice|double|triple)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def checked(text: str, facts: str) -> tuple[str, list[str], int]:
    """Keep only sentences whose numbers stand in the facts.

    A number stands there if a fact, as written or as a percentage, rounds to it at its own number of decimals.
    Numbers written as words count as invented unless the facts use the same word.

    Returns
    -------
    (text, numbers, removed)
        What is left, the numbers that were found in the facts, and how many sentences were taken out.
    """
    known = [value for token in NUMBER.findall(facts) for value in readings(token)]
    words = {word.lower() for word in WORDS.findall(facts)}
    kept, found, removed = [], [], 0
    for sentence in _SENTENCE.split(text.strip()):
        if not sentence.strip():
            continue
        numbers = [token.strip() for token in NUMBER.findall(sentence)]
        invented = [word for word in WORDS.findall(sentence) if word.lower() not in words]
        if invented or not all(stands(token, known) for token in numbers):
            removed += 1
            continue
        kept.append(sentence.strip())
        found += numbers
    return " ".join(kept), found, removed


def readings(token: str) -> list[float]:
    """What a number in the facts may be quoted as: itself, and as a share or a percentage."""
    value = plain_value(token)
    return [value, value / 100] if token.strip().endswith("%") else [value, 100 * value]


def stands(token: str, known: Iterable[float]) -> bool:
    """Whether some known value rounds to this number at its own decimals."""
    value = plain_value(token)
    body = token.strip().rstrip("% ")
    decimals = len(body.split(".")[1]) if "." in body else 0
    return any(abs(round(one, decimals) - value) < 10 ** -(decimals + 6) for one in known)


def plain_value(token: str) -> float:
    """``"−1,234.5 %"`` → -1234.5."""
    return float(token.strip().rstrip("% ").replace(",", "").replace("−", "-"))
