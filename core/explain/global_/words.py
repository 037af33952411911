"""From the words of single rows to the words of the whole: each with its mean effect on the class it was opened for."""

from __future__ import annotations

import unicodedata

import numpy as np

from core.results.explanations.global_explanation import WordEffect
from core.results.explanations.rows import RowExplanation

MOST_WORDS = 40  # per class
MOST_ROWS = 50  # of a word that are remembered
SHOWN_OFTEN = 2  # rows a word should stand in to be ranked, where there are enough such words


def words(rows: list[RowExplanation]) -> list[WordEffect]:
    """The mean effect of each word on each class it was opened for, per class the strongest first.

    A word that stands in one row alone says little: such words come in only where others are few.
    """
    seen: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for row in rows:
        for column in row.columns:
            inside: dict[str, float] = {}
            for part in column.parts:
                if part.level == "word" and (word := plain_word(part.text)):
                    inside[word] = inside.get(word, 0.0) + part.value
            for word, value in inside.items():
                seen.setdefault((row.label, column.name, word), []).append((row.row, value))
    found = [
        WordEffect(
            column=column,
            label=label,
            text=word,
            n_rows=len(places),
            value=float(np.mean([value for _row, value in places])),
            rows=[row for row, _value in places[:MOST_ROWS]],
        )
        for (label, column, word), places in seen.items()
    ]
    found.sort(key=lambda one: (one.n_rows < SHOWN_OFTEN, -abs(one.value)))
    kept = [one for label in {row.label: None for row in rows} for one in _of(found, label)]
    return sorted(kept, key=lambda one: -abs(one.value))


def _of(found: list[WordEffect], label: str) -> list[WordEffect]:
    return [one for one in found if one.label == label][:MOST_WORDS]


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
