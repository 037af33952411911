"""What counts as a word when written text is measured: words, single Chinese characters, and marks."""

from __future__ import annotations

import re

from core.letters import HAN, HAN_TWINS, KANA

_CJK = f"{KANA}{HAN}{HAN_TWINS}"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:['’][^\W{_CJK}]+)*|([^\w\s])\1*")
_LAST_WORD = re.compile(rf"(?<![^\W{_CJK}])[^\W{_CJK}]++$")


def words(text: str) -> list[str]:
    """Words, Chinese characters and marks in order; a mark that is repeated at once (a drawn line) counts once."""
    return [found[0] for found in _WORD.finditer(text)]


def places(text: str) -> list[tuple[int, int]]:
    """Where each of them stands: its first character, and the one after its last."""
    return [found.span() for found in _WORD.finditer(text)]


def n_grams(sequence: list[str], n: int) -> list[tuple[str, ...]]:
    """All runs of n in order; none if the sequence is shorter."""
    return list(zip(*(sequence[start:] for start in range(n)), strict=False))


def cut(text: str, most_bytes: int) -> str:
    """A text's beginning of at most so many bytes in UTF-8, without half a character or half a word."""
    raw = text.encode("utf-8", errors="replace")
    if len(raw) <= most_bytes:
        return text.strip()
    kept = raw[:most_bytes].decode("utf-8", errors="ignore")
    if len(kept) < len(text) and _LAST_WORD.match(text[len(kept)]):
        shorter = _LAST_WORD.sub("", kept)
        kept = shorter if shorter.strip() else kept  # one word longer than all that is wanted stays cut
    return kept.strip()
