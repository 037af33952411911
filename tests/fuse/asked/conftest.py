"""The bundled model as a judge, in a home of its own for kept answers."""

from __future__ import annotations

import numpy as np
import pytest

from core.encode.engines.unpack_smollm2 import packed_file
from core.fuse.asked import answering
from core.providers.gguf.source import GgufSource


class Counted:
    """A judge that writes down what it was asked."""

    def __init__(self, judge):
        self.judge, self.name, self.revision, self.asked = judge, judge.name, judge.revision, []

    def score(self, texts, questions, answers, report=lambda done, total: None, keep=lambda place, said: None):
        def kept(place, said):
            self.asked += [(texts[place], question) for question in questions]
            keep(place, said)

        return self.judge.score(texts, questions, answers, report, kept)


@pytest.fixture
def judge(monkeypatch):
    counted = Counted(GgufSource(packed_file()).load())
    monkeypatch.setattr(answering.door, "judge", lambda folder, name: counted)
    return counted


@pytest.fixture
def chance():
    return np.random.default_rng(0)
