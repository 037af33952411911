"""Models of one run are told apart on the same documents."""

from __future__ import annotations

import numpy as np
import pytest

from core.language.judging.rivals import rivals
from core.results.comparison import Interval
from core.results.language.laboratory import CorpusCounts, Judged, LabModel, LabResult


def lab_of(**bits):
    """A run whose models took these bits for documents of 10 bytes each."""
    models = []
    for name, taken in bits.items():
        mean = sum(taken) / (10 * len(taken))
        scores = {"bits_per_byte": Interval(mean=mean, low=mean, high=mean)}
        judged = Judged(scores=scores, document_bits=taken, document_bytes=[10] * len(taken))
        models.append(LabModel(name=name, judged=judged))
    counts = CorpusCounts.model_construct()
    return LabResult(corpus="made up", counts=counts, tokenizer="bpe", vocabulary=3, models=models)


def test_rivals_are_told_apart_on_the_same_documents():
    hard = np.linspace(10, 60, 40)  # documents differ far more than models do
    noise = np.resize([6.0, -5.0], 40)
    nearest, farthest = rivals(lab_of(last=(hard + 4).tolist(), best=hard.tolist(), near=(hard + noise).tolist()))
    assert (nearest.model, farthest.model) == ("near", "last")
    assert farthest.more.mean == farthest.more.low == farthest.more.high == pytest.approx(0.4)
    assert nearest.more.mean == pytest.approx(0.05)
    spread = 1.96 * np.std(noise) / 10 / np.sqrt(40)  # of the mean, by the normal approximation
    assert nearest.more.low == pytest.approx(0.05 - spread, abs=0.04)
    assert nearest.more.low < 0 < nearest.more.high


def test_there_are_no_rivals_without_documents_to_draw():
    assert rivals(lab_of(alone=[10.0, 20.0])) == []
    few = lab_of(one=[10.0], other=[20.0])
    for line in few.models:
        line.judged.document_bits = []
        assert rivals(few) == []
