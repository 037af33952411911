"""Words that may stand for each other have the same neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.counterfactual.substitutes import MOST_TEXTS, NearWords, split
from tests.fuse.tables import tickets


def test_words_between_the_same_neighbours_are_near():
    table, _schema = tickets(400)
    words = NearWords([text for text in table["text"] if isinstance(text, str)], "en")
    assert "lovely" in words.near("awful,", 12)
    assert words.near("never-seen", 5) == []
    texts = ["这个菜很好吃", "这个菜很难吃", "这个菜很好吃"] * 5
    assert NearWords(texts, "zh").counts
    assert NearWords([], "en").near("x", 3) == []


TEXTS = [
    *["the cat sat down"] * 6,
    *["the dog sat down"] * 5,
    *["a dog ran off"] * 5,
    *["the bird flew"] * 4,
    "The, cat!",
]


def by_hand(texts):
    """Levy, Goldberg and Dagan: positive pointwise mutual information of words and left or right neighbours."""
    lines = [["", *text.split(), ""] for text in texts]
    often = {word for line in lines for word in line[1:-1] if sum(word in one for one in lines) >= 5}
    pairs = [
        (line[here], (side, line[here + side]))
        for line in lines for here in range(1, len(line) - 1) for side in (-1, 1) if line[here] in often
    ]  # fmt: skip
    words, contexts = sorted(often), sorted({context for _word, context in pairs})
    counts = np.array([[pairs.count((word, context)) for context in contexts] for word in words], dtype=float)
    smooth = counts.sum(axis=0) ** 0.75
    expected = np.outer(counts.sum(axis=1), smooth / smooth.sum())
    table = np.where(counts > 0, np.maximum(np.log(np.maximum(counts, 1) / expected), 0), 0)
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    return words, unit @ unit.T


def test_likeness_is_the_cosine_of_positive_pointwise_mutual_information():
    plain = [text.replace(",", "").replace("!", "").lower() for text in TEXTS]
    words, likeness = by_hand(plain)
    found = NearWords(TEXTS, "en")
    assert sorted(found.words) == words == sorted(["the", "cat", "sat", "down", "dog", "a", "ran", "off"])
    ours = (found._rows @ found._rows.T).toarray()
    places = [found.words.index(word) for word in words]
    assert ours[np.ix_(places, places)] == pytest.approx(likeness)
    dog = words.index("dog")
    near = [words[place] for place in np.argsort(-likeness[dog]) if place != dog and likeness[dog, place] >= 0.1]
    assert near[0] == "cat"
    assert found.near("“Dog”", 9) == near
    assert found.near("dog", 1) == near[:1]
    assert found.near("bird", 9) == []  # in four texts only


def test_a_word_is_counted_once_for_each_text_it_stands_in():
    found = NearWords(["so so good", "so bad", "Good!"], "en")
    assert dict(found.counts) == {"so": 2, "good": 2, "bad": 1}
    assert found.n_texts == 3
    assert found.words == []


def test_texts_are_read_from_their_beginning_and_no_more_than_5000():
    counts = NearWords(["x" * 237 + " so late"] * 5, "en").counts  # 240 letters end before the last word
    assert ("so" in counts, "late" in counts) == (True, False)
    assert NearWords(["a b"] * (MOST_TEXTS + 1), "en").counts["a"] == MOST_TEXTS == 5000


def test_words_are_split_in_small_letters_without_marks():
    assert split("“Well, THE Cat”… — !", "en") == ["well", "the", "cat"]
