"""What a candidate costs, whoever was asked before."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from core.access.consent import NO_TABLE, Sender, on_behalf_of
from core.fuse import costs
from core.fuse.asked import spending
from core.fuse.asked.answers import Answers, LearnedAnswers
from core.fuse.asked.labels import AskedLabels
from core.fuse.zero_shot import ZeroShot
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


def test_an_endpoint_is_not_asked_again_to_take_the_time(workspace, endpoint, tmp_path):
    def answer(request):
        time.sleep(SECONDS)
        request.send_json({"choices": [{"message": {"content": "good"}, "finish_reason": "stop"}]})

    endpoint.answer = answer
    rows = pd.DataFrame({"note": [f"text {number}" for number in range(20)]})
    candidate = ZeroShot(AskedLabels("openai", tmp_path), ["note"], "binary")
    with on_behalf_of(Sender(workspace.home, "ann", NO_TABLE)):
        with spending.counting():
            candidate.fit(rows, np.asarray(["good", "bad"] * 10)).predict_both(rows)
            n_asked = len(endpoint.asked)
            assert n_asked == 20 + 1
            told, waited = costs.cost_per_row(candidate, rows), spending.ms_per_answer()
            assert len(endpoint.asked) == n_asked
            assert waited > 1000 * SECONDS / 4  # four at once
            assert waited <= told < waited + 50  # and its own part, which reads the answers that are kept
        assert candidate.encoder_.cache_folder == tmp_path
        with spending.counting():  # of another run, which has asked nothing: a few rows tell
            assert costs.cost_per_row(candidate, rows) > 1000 * SECONDS / 4
        assert n_asked < len(endpoint.asked) <= n_asked + 6


def test_a_fast_copy_asks_an_endpoint_nothing_to_take_the_time():
    fitted = LearnedAnswers(Answers(["Is it long?", "Is it late?"], "openai"), Lengths())
    usage = SimpleNamespace(requests=4, tokens_in=1, tokens_out=1, cost=None)
    with spending.counting():
        spending.count(SimpleNamespace(name="large", host="llm.example", usage=usage), 2.0, judged=True)
        told = costs.teacher_cost(Candidate(note=fitted), pd.DataFrame({"note": ["a", "b"]}))
    assert told == pytest.approx(2 * 500)
