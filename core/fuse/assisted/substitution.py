"""Texts told in other words: each word may be replaced by one that an encoder finds near it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from core.encode.words import ANY_WORD, SPACED_WORD, spaced

MOST_WORDS = 3000
NEIGHBOURS = 5
FAR_OUT = 4.0  # deviations above the mean similarity of two words, from where on they count as near
SHARE = 0.3  # of the words that have a near one, replaced

Near = dict[str, list[str]]


def words_of(text: str, language: str) -> list[str]:
    """The words of a text, folded."""
    pattern = ANY_WORD if language == "zh" else SPACED_WORD
    return [word.casefold() for word in re.findall(pattern, spaced(text, language))]


def near_words(texts: Iterable[str], language: str, encoder: Any) -> Near:
    """The frequent words of these texts, each with at most five near ones.

    Near is whatever is more alike than the mean of all pairs by four standard deviations, or by half the way to being
    the same, which holds for encoders whose similarities lie anywhere.
    """
    counts = Counter(word for text in texts for word in words_of(text, language) if not word.isdigit())
    words = [word for word, count in counts.most_common(MOST_WORDS) if count > 1]
    if len(words) < 3:
        return {}
    rows = np.asarray(encoder.transform(words), dtype=np.float32)
    alike = rows @ rows.T
    apart = alike[~np.eye(len(words), dtype=bool)]
    least = min(float(apart.mean() + FAR_OUT * apart.std()), (float(apart.mean()) + 1) / 2)
    np.fill_diagonal(alike, -np.inf)
    order = np.argsort(-alike, axis=1)[:, :NEIGHBOURS]
    found = {
        word: [words[other] for other in order[place] if alike[place, other] >= least]
        for place, word in enumerate(words)
    }
    return {word: others for word, others in found.items() if others}


def retold(text: str, near: Near, language: str, random: np.random.Generator) -> str | None:
    """The text with some words replaced, at least one; None where none can be."""
    joined = spaced(text, language)
    spots = [
        spot
        for spot in re.finditer(ANY_WORD if language == "zh" else SPACED_WORD, joined)
        if spot.group().casefold() in near
    ]
    if not spots:
        return None
    chosen = random.random(len(spots)) < SHARE
    chosen[random.integers(len(spots))] = True
    parts, place = [], 0
    for spot, change in zip(spots, chosen, strict=True):
        if change:
            others = near[spot.group().casefold()]
            parts += [joined[place : spot.start()], others[random.integers(len(others))]]
            place = spot.end()
    made = "".join([*parts, joined[place:]])
    return made.replace(" ", "") if language == "zh" else made
