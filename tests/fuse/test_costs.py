"""What a candidate costs, whoever was asked before."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from scipy.special import expit

from core.fuse import costs
from core.fuse.asked.answers import Answers, LearnedAnswers
from tests.fuse.asked.test_answers import Lengths

SECONDS = 0.01


class Slow(Answers):
    """A model that takes its time for each text, unless it was told to keep answers."""

    ms_per_text = 1000 * SECONDS

    def fit(self, texts, y=None):
        self.revision_, self.n_features_out_ = "slow", 1
        return self

    def transform(self, texts):
        if self.cache_folder is None:
            time.sleep(SECONDS * len(texts))
        return expit(np.asarray([[len(text or "") - 2.0] for text in texts]))


class Candidate:
    def __init__(self, **encoders):
        self.encoders = encoders

    def text_encoders(self):
        return self.encoders


def test_what_is_asked_about_training_rows_counts_although_it_was_answered_before():
    texts = ["x" * (place % 5) for place in range(30)]
    fitted = LearnedAnswers(Slow(["Is it long?"], cache_folder="kept"), Lengths()).fit(texts)
    told = costs.teacher_cost(Candidate(note=fitted), pd.DataFrame({"note": texts}))
    assert 1000 * SECONDS <= told < 3000 * SECONDS
    assert costs.teacher_cost(Candidate(note=Slow(["?"])), pd.DataFrame({"note": texts})) == 0
    assert costs.teacher_cost(Candidate(), pd.DataFrame({"note": texts})) == 0


def test_megabytes_of_the_language_model_at_hand_are_those_of_its_file(monkeypatch):
    asked = []
    monkeypatch.setattr(costs.door, "n_bytes", lambda folder, name: asked.append(name) or 7_000_000)
    assert costs.encoder_megabytes({"note": costs.EncoderChoice(name="llm")}, "small") == 7
    assert asked == ["small"]
