"""Tags and spans are two ways to say the same."""

from __future__ import annotations

import numpy as np

from core.data.texts.tagged_text import Marked, written
from core.text_tasks.marking import best_tags, marked, reference, tags, words

TEXT = "Ada Lovelace met Charles Babbage in London."
GOLD = [Marked(0, 12, "person"), Marked(17, 32, "person"), Marked(36, 42, "place")]


def test_tags_and_spans_are_two_ways_to_say_the_same():
    places = words(TEXT)
    made = tags(places, GOLD)
    assert made == ["B-person", "I-person", "O", "B-person", "I-person", "O", "B-place", "O"]
    assert marked(places, made) == GOLD
    assert reference(written(GOLD), TEXT) == GOLD
    assert reference("B-p I-p O O O O O", TEXT) == [Marked(0, 12, "p")]


def test_an_inside_tag_never_follows_outside():
    names = ["B-x", "I-x", "O"]
    with np.errstate(divide="ignore"):
        scores = np.log([[0.1, 0.2, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    assert best_tags(scores, names) == ["B-x", "I-x", "I-x"]  # .1 · .8 · .8 beats O, B, I: .7 · .1 · .8
