"""IBM model 1 learns as the reference library does, and recovers a planted dictionary."""

from __future__ import annotations

from itertools import pairwise

import pytest
from nltk.translate import AlignedSent, IBMModel1

from core.text_tasks.translation.ibm1 import NULL, WordTable
from tests.text_tasks.translation.test_translate import planted

HOUSE = [("das Haus", "the house"), ("das Buch", "the book"), ("ein Buch", "a book")]
KINDS = ["red", "blue", "old", "new", "big"]
THINGS = ["cat", "dog", "house", "car", "tree", "book"]


def split(pairs):
    return [(source.split(), target.split()) for source, target in pairs]


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_the_word_table_is_the_reference_library_s(rounds):
    ours = WordTable(rounds).fit(split(HOUSE))
    theirs = IBMModel1([AlignedSent(target, source) for source, target in split(HOUSE)], rounds)
    for source in ("das", "Haus", "Buch", "ein", NULL):
        for target in ("the", "house", "book", "a"):
            known = theirs.translation_table[target][source or None]
            if (source, target) in ours.table_:
                assert ours.probability(source, target) == pytest.approx(known, abs=1e-9)


def test_a_planted_dictionary_is_recovered_and_the_likelihood_never_falls():
    table = WordTable(15).fit(split(planted(120)))
    for word in [*KINDS, *THINGS]:
        found = {target: value for (source, target), value in table.table_.items() if source == word}
        assert max(found, key=found.get) == word.upper()
    steps = table.log_likelihoods_
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(steps))
