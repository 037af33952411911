"""Passages and how they are ranked: BM25 by hand, two orders fused by rank."""

from __future__ import annotations

import math

import pytest

from core.text_tasks.answers.retrieve import K1, B, ByWords, best, fused, pieces

LAKE = "Lake Sorrel is fed by seven streams. At its deepest point it measures 212 metres."
RAILWAY = "The Halden line is a railway of 88 kilometres with 23 tunnels. The trains are blue."


def test_bm25_by_hand():
    texts = ["cats chase mice", "dogs chase cats cats", "birds sing"]
    scores = ByWords(texts).scores("cats")
    n, with_it, mean = 3, 2, (3 + 4 + 2) / 3
    rarity = math.log(1 + (n - with_it + 0.5) / (with_it + 0.5))

    def worth(times, length):
        return rarity * times / (times + K1 * (1 - B + B * length / mean))

    assert scores == pytest.approx([worth(1, 3), worth(2, 4), 0.0], abs=1e-6)
    assert best(scores, 2) == [1, 0]
    assert ByWords(texts).scores("zebra") == pytest.approx([0, 0, 0])
    assert ByWords(["the", "of"]).scores("the") == pytest.approx([0, 0])


def test_two_orders_are_fused_by_rank():
    assert fused([[2, 0], [0, 1]], 3) == pytest.approx([1 / 62 + 1 / 61, 1 / 62, 1 / 61])


def test_passages_are_whole_sentences_of_one_document():
    found = pieces([LAKE, RAILWAY], most_words=8)
    assert [piece.document for piece in found] == [0, 0, 1, 1]
    assert " ".join(piece.text for piece in found[:2]) == LAKE
    assert len(pieces([LAKE], most_words=100)) == 1
    assert pieces(["", " "], 10) == []
