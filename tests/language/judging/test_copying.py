"""Copies of the training text: found to the word, and never across documents."""

from __future__ import annotations

from core.language import bundled_corpus
from core.language.judging.copying import Training
from core.language.judging.words import words


def test_a_planted_copy_is_found_to_the_word():
    documents = bundled_corpus.documents()[:300]
    planted = " ".join(max(documents[:50], key=len).split()[2:14])
    texts = ["xyzzy", f"Quite unheard of: {planted} qwertz", ""]
    copies = Training(documents).copies(texts)
    assert planted in copies.longest.text
    assert copies.longest.sample == 1
    assert copies.longest.text.endswith(planted.split()[-1])
    assert " ".join(words(copies.longest.text)) in " ".join(words(documents[copies.longest.document]))
    assert copies.words.tolist() == [0, len(words(copies.longest.text)), 0]


def test_no_copy_reaches_from_one_document_into_the_next():
    copies = Training(["red green", "blue white"]).copies(["red green blue white", "绿"])
    assert copies.words.tolist() == [2, 0]
