"""Passages are found, fused and cited as they should be, and what they don't say is noticed."""

from __future__ import annotations

import math

import pytest

from core.results.text_tasks.options import AnswerOptions
from core.text_tasks.answers.answer import classical
from core.text_tasks.answers.retrieve import K1, B, ByWords, best, fused, pieces
from core.text_tasks.base import Tools
from core.text_tasks.scores.support import best_passage, share
from core.text_tasks.scores.token_overlap import contains, exact, token_f1

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


def test_only_what_one_sentence_says_is_borne_out():
    assert share("It is 212 metres deep.", LAKE, "How deep is Lake Sorrel?") == 1
    assert share("It is 211 metres deep.", LAKE, "How deep is Lake Sorrel?") == 0
    assert share("The Halden line has 23 tunnels.", RAILWAY, "How many tunnels has the Halden line?") == 1
    assert share("The Halden line has tunnels.", RAILWAY, "How many tunnels has the Halden line?") == 0  # nothing new
    assert share("23 tunnels", RAILWAY, "How long is the line?") == 1
    assert share("88 tunnels", RAILWAY, "How long is the line?") == 0  # 88 counts kilometres
    assert share("The trains are not blue.", RAILWAY, "Which colour?") == 0
    assert share("A railway of blue trains", RAILWAY, "What is it?") < 0.8  # of two sentences
    assert best_passage("The trains are blue.", [LAKE, RAILWAY], "Which colour?") == (1, True)
    assert best_passage("Green.", [LAKE, RAILWAY], "Which colour?") == (None, False)


def test_answers_are_compared_as_in_squad():
    assert token_f1("the Tamm", "The river Tamm.") == pytest.approx(2 * 1 / (1 + 2))
    assert exact("The Tamm", "tamm!")
    assert contains("It flows into the Tamm river.", "the Tamm")
    assert not contains("Tamm", "river Tamm")
    assert token_f1("北京大学", "北京") == pytest.approx(2 * 2 / (4 + 2))
    assert token_f1("x", "y") == 0


def test_the_best_sentence_answers_and_cites_its_passage(tmp_path):
    tools = Tools(tmp_path, None, 1, documents=[LAKE, RAILWAY, "水在一百度沸腾。冰是冷的。"])
    wanted = ["How many tunnels are there?", "水什么时候沸腾？", "zzz"]
    first, chinese, nothing = classical(wanted, AnswerOptions(passages=1), tools)
    assert "23 tunnels" in first.text
    assert [passage.document for passage in first.data.passages if passage.cited] == [1]
    assert chinese.text == "水在一百度沸腾。"
    assert (nothing.text, nothing.data.passages) == ("", [])
