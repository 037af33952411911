"""Phrases agree with the links between words; another word order is learned."""

from __future__ import annotations

from core.text_tasks.translation.phrase_table import PhraseTranslator, extract
from tests.text_tasks.translation.test_translate import planted

KINDS = ["red", "blue", "old", "new", "big"]
THINGS = ["cat", "dog", "house", "car", "tree", "book"]


def split(pairs):
    return [(source.split(), target.split()) for source, target in pairs]


def test_phrases_agree_with_the_links_by_hand():
    # a-X, b-Z, c-Y: “b c” belongs to “Y Z”, but “a b” to nothing without Y
    found = extract(["a", "b", "c"], ["X", "Y", "Z"], {(0, 0), (1, 2), (2, 1)}, longest=3)
    single = {(("a",), ("X",)), (("b",), ("Z",)), (("c",), ("Y",))}
    assert set(found) == single | {(("b", "c"), ("Y", "Z")), (("a", "b", "c"), ("X", "Y", "Z"))}


def test_another_word_order_is_learned():
    translator = PhraseTranslator().fit(split(planted(150)))
    right = 0
    for source, target in split(planted(40, seed=1)):
        right += list(translator.translate(source)[0][0]) == target
    assert right >= 38
    assert translator.translate(["zebra"])[0][0] == ("zebra",)
