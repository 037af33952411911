"""From single rows to the whole: columns ranked by their mean effect, words by theirs."""

from __future__ import annotations

import unicodedata

import numpy as np

from core.evaluate.explanation import Importance, RowExplanation, WordEffect
from core.evaluate.result import Interval

MOST_WORDS = 40
SHOWN_OFTEN = 2  # rows a word should stand in to be ranked, where there are enough such words


def ranked(rows: list[RowExplanation]) -> list[Importance]:
    """Mean absolute Shapley value per column, largest first, with the 95 % interval of the mean over rows."""
    sizes: dict[str, list[float]] = {}
    for row in rows:
        for column in row.columns:
            sizes.setdefault(column.name, []).append(abs(column.value))
    found = []
    for name, values in sizes.items():
        mean = float(np.mean(values))
        reach = 1.96 * float(np.std(values, ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
        found.append(Importance(name=name, value=Interval(mean=mean, low=max(0.0, mean - reach), high=mean + reach)))
    return sorted(found, key=lambda one: -one.value.mean)


def words(rows: list[RowExplanation]) -> list[WordEffect]:
    """The mean effect of each word on each class it was opened for, strongest first.

    A word that stands in one row alone says little: such words come in only where others are few.
    """
    seen: dict[tuple[str, str, str], list[float]] = {}
    for row in rows:
        for column in row.columns:
            inside: dict[str, float] = {}
            for part in column.parts:
                if word := plain_word(part.text):
                    inside[word] = inside.get(word, 0.0) + part.value
            for word, value in inside.items():
                seen.setdefault((column.name, row.label, word), []).append(value)
    found = [
        WordEffect(column=column, label=label, text=word, n_rows=len(values), value=float(np.mean(values)))
        for (column, label, word), values in seen.items()
    ]
    found.sort(key=lambda one: (one.n_rows < SHOWN_OFTEN, -abs(one.value)))
    return sorted(found[:MOST_WORDS], key=lambda one: -abs(one.value))


def plain_word(text: str) -> str:
    """A word without the marks around it, in small letters: ``“Great!”`` → ``great``."""

    def mark(letter: str) -> bool:
        return unicodedata.category(letter)[0] in "PZ"

    start, end = 0, len(text)
    while start < end and mark(text[start]):
        start += 1
    while end > start and mark(text[end - 1]):
        end -= 1
    return text[start:end].casefold()
