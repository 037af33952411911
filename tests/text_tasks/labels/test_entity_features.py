"""What a word says to the model of names: its shape, and lists without its own row."""

from __future__ import annotations

import pytest

from core.data.texts.tagged_text import Marked
from core.text_tasks.labels.entity_features import Gazetteer, shape
from core.text_tasks.marking import words

TEXT = "Ada Lovelace met Charles Babbage in London."
GOLD = [Marked(0, 12, "person"), Marked(17, 32, "person"), Marked(36, 42, "place")]


def test_a_row_does_not_find_its_own_names_in_the_list():
    sentence = (TEXT, words(TEXT))
    alone = Gazetteer([sentence], [GOLD])
    assert not any(alone.hits(sentence, GOLD))
    twice = Gazetteer([sentence, sentence], [GOLD, GOLD])
    assert twice.hits(sentence, GOLD)[0] == {"B-person"}


@pytest.mark.parametrize(("word", "expected"), [("McLeod", "XxXx"), ("2021", "dddd"), ("x3", "xd"), ("U.S.", "X.X.")])
def test_shapes(word, expected):
    assert shape(word) == expected
