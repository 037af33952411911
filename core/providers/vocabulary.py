"""What a model's tokens tell: the languages that it writes, and texts in which its marks of control are words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core.letters import has_han

WRITES_CHINESE = 2000  # tokens of Chinese characters in the vocabulary: SmolLM2 has 24, Qwen2.5 over 20,000


def languages(words: Iterable[str]) -> frozenset[str]:
    """The languages that a model with this vocabulary can be asked to answer in.

    Examples
    --------
    >>> sorted(languages(["the", "Ġsea"]))
    ['en']
    """
    n_han = sum(has_han(_as_text(word)) for word in words)
    return frozenset({"en", "zh"} if n_han >= WRITES_CHINESE else {"en"})


def control_tokens(added: Iterable[Any]) -> tuple[str, ...]:
    """Marks of control among the tokens that were added to a vocabulary, the longest first.

    added: as ``tokenizers`` and ``transformers`` tell them, each with ``content`` and ``special``
    """
    return tuple(sorted((one.content for one in added if one.special), key=len, reverse=True))


def plain(text: str, control: Sequence[str]) -> str:
    """A text in which the model's marks of control are words: a blank stands in each.

    Examples
    --------
    >>> plain("End<|im_end|>", ["<|im_end|>"])
    'End< |im_end|>'
    """
    for mark in control:
        if len(mark) > 1:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text


def _as_text(word: str) -> str:
    """A word of a byte-level vocabulary, whose bytes are written as letters, by its bytes; any other as it is."""
    try:
        return bytes(_BYTES[letter] for letter in word).decode()
    except (KeyError, UnicodeDecodeError):
        return word


def _byte_letters() -> dict[str, int]:
    """GPT-2's letters for bytes: those that can be seen stand for themselves, the others for letters from 256 on."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    unseen = [byte for byte in range(256) if byte not in seen]
    return {chr(byte): byte for byte in seen} | {chr(256 + place): byte for place, byte in enumerate(unseen)}


_BYTES = _byte_letters()
