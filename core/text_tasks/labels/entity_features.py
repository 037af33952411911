"""Classical features of words for a conditional random field: spelling, neighbours, and names known from other rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import rjieba

from core.data.texts.tagged_text import Marked
from core.text_tasks.marking import words as places_of

Sentence = tuple[str, list[tuple[int, int]]]  # text, where its words stand
Features = list[dict[str, Any]]  # one dictionary per word, as CRFsuite takes them
LONGEST_NAME = 8  # words


class Gazetteer:
    """The names that are marked in some rows, to be looked up in others.

    A training row must not find its own names there, else the model would learn to trust the list in full; so a name
    counts for a row only if another row has it, too.
    """

    def __init__(self, sentences: Sequence[Sentence], marked: Sequence[Sequence[Marked]]) -> None:
        self.counts: Counter[tuple[tuple[str, ...], str]] = Counter()
        for (text, _places), spans in zip(sentences, marked, strict=True):
            self.counts.update(_names(text, spans))
        self.labels: dict[tuple[str, ...], set[str]] = {}
        for words, label in self.counts:
            self.labels.setdefault(words, set()).add(label)

    def hits(self, sentence: Sentence, own: Sequence[Marked] | None = None) -> list[set[str]]:
        """For each word, what the listed names around it are called: ``B-person``, ``I-person``.

        own : the row's own names, if it is one of those the list was made from
        """
        text, places = sentence
        words = [text[start:end].lower() for start, end in places]
        mine = _names(text, own or [])
        found: list[set[str]] = [set() for _word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1):
                name = tuple(words[start:end])
                for label in self.labels.get(name, ()):
                    if self.counts[name, label] > mine[name, label]:
                        for place in range(start, end):
                            found[place].add(f"{'I' if place > start else 'B'}-{label}")
        return found


def features(sentence: Sentence, hits: Sequence[set[str]], language: str) -> Features:
    """Each word's own features, those of two neighbours on either side, and its place."""
    text, places = sentence
    words = [text[start:end] for start, end in places]
    chinese = _chinese(text, places) if language == "zh" else [{} for _word in words]
    own = [{**_word(word), **more} for word, more in zip(words, chinese, strict=True)]
    made = []
    for place, word in enumerate(own):
        found: dict[str, Any] = {"bias": 1.0, **word}
        for step in (-2, -1, 1, 2):
            if 0 <= place + step < len(own):
                other = own[place + step]
                found.update({f"{step}:{name}": other[name] for name in ("lower", "shape", "segment") if name in other})
            else:
                found[f"{step}:edge"] = True
        if place:
            found["pair"] = f"{own[place - 1]['lower']}|{word['lower']}"
        if place + 1 < len(own):
            found["pair+1"] = f"{word['lower']}|{own[place + 1]['lower']}"
        found.update({f"list:{label}": True for label in hits[place]})
        made.append(found)
    return made


def shape(word: str) -> str:
    """“McLeod” → “XxXx”, “2021” → “dddd”, “x3” → “xd”: letters of a kind in a row count once."""
    kinds = ["X" if one.isupper() else "x" if one.islower() else "d" if one.isdigit() else one for one in word]
    return "".join(kind for place, kind in enumerate(kinds) if kind == "d" or place == 0 or kind != kinds[place - 1])


def _word(word: str) -> dict[str, Any]:
    lower = word.lower()
    return {
        "lower": lower,
        "shape": shape(word),
        "starts": lower[:3],
        "ends": lower[-3:],
        "ends2": lower[-2:],
        "capital": word[:1].isupper(),
        "capitals": word.isupper() and len(word) > 1,
        "digits": word.isdigit(),
    }


def _chinese(text: str, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """For each character, the dictionary's word around it and where in the word it stands."""
    word_at: list[tuple[str, int]] = []
    for word in rjieba.cut(text):
        word_at += [(word, place) for place in range(len(word))]
    return [
        {"segment": word_at[start][0], "where": f"{word_at[start][1]}/{len(word_at[start][0])}"}
        for start, _end in places
    ]


def _names(text: str, marked: Sequence[Marked]) -> Counter[tuple[tuple[str, ...], str]]:
    found: Counter[tuple[tuple[str, ...], str]] = Counter()
    for span in marked:
        name = text[span.start : span.end]
        found[tuple(name[start:end].lower() for start, end in places_of(name)), span.label] = 1
    return found
