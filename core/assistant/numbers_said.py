"""Numbers in sentences: how they are written, and whether one is another one rounded."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"(?<![\w.,])[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?%|\s+per\s?cent\b)?")
PLAIN = re.compile(r"[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")


def readings(token: str) -> list[float]:
    """What a number in the facts may be quoted as: itself, and as a share or a percentage."""
    value = plain_value(token)
    return [value / 100] if _is_percentage(token) else [value]


def stands(token: str, known: Iterable[float]) -> bool:
    """Whether some known value rounds to this number at its own decimals."""
    scale = 100 if _is_percentage(token) else 1
    value = plain_value(token)
    body = re.split(r"[^\d.]", token.strip().lstrip("+-−").replace(",", ""), maxsplit=1)[0]
    decimals = len(body.partition(".")[2])
    return any(_rounds(one * scale, value, decimals) for one in known)


def plain_value(token: str) -> float:
    """``"−1,234.5 %"`` → -1234.5."""
    body = re.sub(r"(?<!\s)\s*+(%|per\s?cent)$", "", token.strip())
    return float(body.replace(",", "").replace("−", "-"))


def _rounds(known: float, value: float, decimals: int) -> bool:
    if decimals == 0 and abs(known) < 10 and abs(known - round(known)) > 1e-9:
        return False  # nothing would be left of 0.97 in "1"
    return abs(known - value) <= 0.5 * 10.0**-decimals + 1e-9 * max(1.0, abs(known))


def _is_percentage(token: str) -> bool:
    return re.search(r"(%|per\s?cent)\s*$", token) is not None
