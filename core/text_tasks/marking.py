"""Words of a text with their places, and between spans of characters and a tag per word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.data.texts.tagged_text import Marked, chunks, spans
from core.letters import HAN
from core.messages import AmalgamError, UnusableData, _, clip

_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+|[^\w\s]|_")
_TAG = re.compile(r"O|[BIESLUM]-\S+")


def words(text: str) -> list[tuple[int, int]]:
    """Where each word stands: runs of letters and digits; a Chinese character and a mark stand for themselves."""
    return [found.span() for found in _WORD.finditer(text)]


def reference(value: str, text: str) -> list[Marked]:
    """Spans as the reference column has them: JSON, or a tag for each word between spaces.

    Raises
    ------
    UnusableData
        It is neither, or does not fit its text.
    """
    if value.lstrip().startswith("["):
        return spans(value, text)
    tags = value.split()
    if not tags or not all(_TAG.fullmatch(tag) for tag in tags):
        raise UnusableData(
            _("“{found}” marks no names."),
            _("The reference column holds spans such as {example}, or a tag for each word: {tags}."),
            found=clip(value), example='[{"start": 0, "end": 4, "label": "person"}]', tags="B-person O O",
        )  # fmt: skip
    places = [found.span() for found in re.finditer(r"\S+", text)]
    if len(places) != len(tags):
        raise UnusableData(
            _("Words between spaces in “{text}”: {words}, but tags: {tags}."),
            text=clip(text), words=len(places), tags=len(tags),
        )  # fmt: skip
    return [Marked(places[one.start][0], places[one.end - 1][1], one.label) for one in chunks(tags)]


def references(values: Sequence[str | None], texts: Sequence[str]) -> list[list[Marked] | None]:
    """The spans of every row that has some; an error names the row.

    Raises
    ------
    UnusableData
    """
    found: list[list[Marked] | None] = []
    for number, (value, text) in enumerate(zip(values, texts, strict=True), start=1):
        try:
            found.append(None if value is None else reference(value, text))
        except AmalgamError as error:
            hint = error.hint.id if error.hint else ""
            raise UnusableData(
                _("Text {number}: {reason}"), hint, number=number, reason=error.message,
                **(error.hint.params if error.hint else {}),
            ) from None  # fmt: skip
    return found


def tags(text_words: Sequence[tuple[int, int]], marked: Sequence[Marked]) -> list[str]:
    """B-I-O tags of the words; a word that a span only touches belongs to it, and the first of two spans has it."""
    made = ["O"] * len(text_words)
    for span in marked:
        inside = [place for place, (start, end) in enumerate(text_words) if start < span.end and end > span.start]
        if any(made[place] != "O" for place in inside):
            continue
        for number, place in enumerate(inside):
            made[place] = f"{'I' if number else 'B'}-{span.label}"
    return made


def marked(text_words: Sequence[tuple[int, int]], word_tags: Sequence[str]) -> list[Marked]:
    """The spans that tags mark, in characters."""
    return [Marked(text_words[one.start][0], text_words[one.end - 1][1], one.label) for one in chunks(word_tags)]


def best_tags(log_probabilities: np.ndarray, names: Sequence[str]) -> list[str]:
    """The likeliest tags of a sentence in which I-X stands only behind B-X or I-X (Viterbi).

    log_probabilities : float array, shape (words, tags)
    """
    if not len(log_probabilities):
        return []
    allowed = _allowed(names)
    start = np.array([0.0 if name[:1] != "I" else -np.inf for name in names])
    score = start + log_probabilities[0]
    back = np.zeros(log_probabilities.shape, dtype=int)
    for place in range(1, len(log_probabilities)):
        reached = score[:, None] + allowed  # (from, to)
        back[place] = reached.argmax(axis=0)
        score = reached.max(axis=0) + log_probabilities[place]
    path = [int(score.argmax())]
    for place in range(len(log_probabilities) - 1, 0, -1):
        path.append(int(back[place, path[-1]]))
    return [names[one] for one in reversed(path)]


def _allowed(names: Sequence[str]) -> np.ndarray:
    """0 where one tag may follow another, else minus infinity.  →  (from, to)"""
    may = np.array([[to[:1] != "I" or (before != "O" and before[2:] == to[2:]) for to in names] for before in names])
    return np.where(may, 0.0, -np.inf)
