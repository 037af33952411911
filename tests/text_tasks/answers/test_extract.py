"""Sentences by TextRank: PageRank of the graph of sentences, with ties by hand."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

from core.language.sentences import sentences
from core.text_tasks.answers.extract import chosen, ranks, similarity, tfidf

TEXT = (
    "The bridge closes in May. Engineers found cracks in the bridge. Buses take a detour while the bridge is closed. "
    "A bakery sells bread. Engineers repair the cracks in May."
)


def test_textrank_is_the_pagerank_of_the_graph_of_sentences():
    ties = similarity(sentences(TEXT))
    known = networkx.pagerank(networkx.from_numpy_array(ties), alpha=0.85, tol=1e-12, max_iter=500)
    assert ranks(ties) == pytest.approx([known[place] for place in range(len(ties))], abs=1e-6)
    assert ranks(ties).sum() == pytest.approx(1)


def test_the_tie_between_two_sentences_by_hand():
    # stems: {bridg, close, spring} and {engin, found, crack, bridg}: one in common, ln 3 + ln 4
    ties = similarity(["The bridge closes in spring.", "Engineers found cracks: bridge."])
    assert ties[0, 1] == pytest.approx(1 / (np.log(3) + np.log(4)))


def test_the_odd_sentence_is_not_chosen():
    parts = sentences(TEXT)
    for method in ("textrank", "tfidf"):
        places, weights = chosen(parts, 3, method)
        assert places == sorted(places)
        assert 3 not in places
        assert len(weights) == 5
    assert chosen([], 2) == ([], pytest.approx([]))
    assert tfidf(["the"]) == pytest.approx([0.0])
