"""Distinct n-grams, self-BLEU and repetition: by hand and by sacrebleu called directly."""

from __future__ import annotations

import numpy as np
import pytest
from sacrebleu.metrics import BLEU

from core.language.judging.diversity import distinct, repetition, self_bleu


def test_distinct_runs_by_hand():
    texts = ["the cat the cat", "a dog"]  # words: the cat the cat a dog; pairs: the-cat cat-the the-cat, a-dog
    assert distinct(texts, 1).mean == pytest.approx(4 / 6)
    assert distinct(texts, 2).mean == pytest.approx(3 / 4)
    assert distinct(texts, 3).mean == pytest.approx(2 / 2)  # the-cat-the, cat-the-cat


def test_self_bleu_is_the_mean_of_sacrebleu_against_the_others():
    texts = ["the cat sat on the mat today", "the cat sat on a chair today", "rain falls on the green hills"]
    bleu = BLEU(effective_order=True)
    each = [bleu.sentence_score(text, [other for other in texts if other != text]).score for text in texts]
    assert self_bleu(texts, "en").mean == pytest.approx(np.mean(each))
    assert self_bleu(texts[:1], "en") is None


def test_repetition_by_hand():
    # a b c d a b c d e: runs of four abcd bcda cdab dabc abcd bcde, one of six stood there before
    assert repetition(["a b c d a b c d e", "a b"]).mean == pytest.approx(1 / 6)
