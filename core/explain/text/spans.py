"""Where a text's sentences and words begin and end, and the text without some of its words."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import Any

import numpy as np
import rjieba

from core.letters import has_han

MOST_PIECES = 40
Span = tuple[int, int]  # characters
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)|[。！？…]+[”’）」』]*|\n+)\s*")


def pieces(text: str, language: str) -> list[Span]:
    """Each word; neighbours within a sentence are joined where a text has more than 40 of them."""
    return [word for _sentence, words in outline(text, language) for word in words]


def outline(text: str, language: str) -> list[tuple[Span, list[Span]]]:
    """Each sentence with its words, at most about 40 in all; sentences are joined where there are more than 40."""
    words = _chinese(text) if language == "zh" or has_han(text) else [m.span() for m in _WORD.finditer(text)]
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    grouped: dict[int, list[Span]] = {}
    for word in words:
        grouped.setdefault(int(np.searchsorted(ends, word[0], side="right")), []).append(word)
    sentences = list(grouped.values())
    if len(sentences) > MOST_PIECES:
        sentences = [list(chain(*some)) for some in _split(sentences, MOST_PIECES)]
    at_most = 1
    while sum(-(-len(sentence) // at_most) for sentence in sentences) > MOST_PIECES:
        at_most += 1
    joined = [_joined(sentence, -(-len(sentence) // at_most)) for sentence in sentences]
    return [((sentence[0][0], sentence[-1][1]), sentence) for sentence in joined]


def masked(text: str, spans: list[Span], kept: np.ndarray) -> str:
    """The text without the words that are not kept; what stands between words stays, as one space at most."""
    parts, place = [], 0
    for (start, end), keep in zip(spans, kept, strict=True):
        parts.append(text[place:start])
        if keep:
            parts.append(text[start:end])
        place = end
    return " ".join("".join([*parts, text[place:]]).split())


def _chinese(text: str) -> list[Span]:
    """Words by rjieba; a mark stays with the word before it."""
    spans: list[Span] = []
    place = 0
    for word in rjieba.cut(text):
        end = place + len(word)
        if spans and spans[-1][1] == place and word.strip() and not any(letter.isalnum() for letter in word):
            spans[-1] = (spans[-1][0], end)
        elif word.strip():
            spans.append((place, end))
        place = end
    return spans


def _joined(words: list[Span], n_pieces: int) -> list[Span]:
    return [(some[0][0], some[-1][1]) for some in _split(words, n_pieces)]


def _split(items: list[Any], n_parts: int) -> list[list[Any]]:
    """Neighbours in parts of like size, each with one item at least."""
    ends = np.linspace(0, len(items), n_parts + 1).astype(int)
    return [items[start:end] for start, end in pairwise(ends)]
