"""ROUGE by hand, by the library in English, and in Chinese."""

from __future__ import annotations

import pytest
from rouge_score import rouge_scorer

from core.text_tasks.scores.rouge import rouge


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
