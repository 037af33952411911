"""Sentences are split, chosen and scored as the sources say."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from rouge_score import rouge_scorer

from core.language.sentences import sentences
from core.text_tasks.answers.extract import chosen, ranks, similarity, tfidf
from core.text_tasks.answers.summarise import _borne_out, _made_up, _trimmed
from core.text_tasks.scores.rouge import rouge
from core.text_tasks.words import words

TEXT = (
    "The bridge closes in May. Engineers found cracks in the bridge. Buses take a detour while the bridge is closed. "
    "A bakery sells bread. Engineers repair the cracks in May."
)


def test_words_are_found_in_both_languages():
    assert words("It's 3 cats，我爱北京。") == ["it's", "3", "cats", "我", "爱", "北京"]


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


def test_rouge_by_hand():
    # common words: the cat → 2 of 3 and 2 of 4; pairs: (the, cat) → 1 of 2 and 1 of 3
    found = rouge("the cat sat", "the cat ate fish")
    assert found["rouge1"] == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert found["rouge2"] == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    assert found["rougeL"] == pytest.approx(found["rouge1"])


def test_rouge_is_the_library_s_in_english_and_works_in_chinese():
    reference = "Engineers repaired the cracked bridges in nine weeks"
    said = "The engineer repairs a crack in the bridge"
    theirs = rouge_scorer.RougeScorer(["rouge1", "rougeL"], use_stemmer=True).score(reference, said)
    ours = rouge(reference, said)
    assert ours["rouge1"] == pytest.approx(theirs["rouge1"].fmeasure)
    assert ours["rougeL"] == pytest.approx(theirs["rougeL"].fmeasure)
    assert rouge("我爱北京", "我爱北京")["rouge2"] == 1
    assert rouge("我爱北京", "我爱上海")["rouge1"] == pytest.approx(2 / 3)


def test_a_written_summary_keeps_whole_sentences_with_numbers_of_the_text():
    assert _trimmed("Here it is:\n\nOne came. Two went. Three st", 3, "en") == "One came. Two went."
    kept = _borne_out("The repair costs four million. It takes 12 weeks.", "The repair costs four million and 9 weeks.")
    assert kept.text == "The repair costs four million."
    assert kept.data.note.params == {"n": 1}


def test_what_the_chosen_sentences_do_not_say_gives_way_to_them():
    kept = ["The repair of the bridge costs four million.", "Buses take a detour.", "A ferry runs."]
    made = _made_up("The bridge repair costs four million. Trains are cheaper now.", kept, 2, "en")
    assert made.text == "The bridge repair costs four million. Buses take a detour."
    assert made.data.extra == {"restated": 1, "word for word": 1}
    assert _made_up("", kept, 1, "en").text == kept[0]
