"""A language model is asked whether a column helps."""

from __future__ import annotations

import pytest
from scipy.special import expit

from core.fuse.asked.relevance import QUESTION, AskedRelevance


def test_it_is_the_share_of_yes_for_each_column(judge, tmp_path):
    asked = AskedRelevance("bundled", tmp_path).fit([])
    told = ["age: 22, 38, 26", "cabin: C85, E46"]
    found = asked.relevance(told, "survived: yes, no")
    logs = judge.judge.score(told, [QUESTION.format(aim="survived: yes, no")], ["Yes", "No"])[:, 0]
    assert found[:, 0] == pytest.approx(expit(logs[:, 0] - logs[:, 1]), abs=1e-5)
    judge.asked.clear()
    assert (asked.relevance(told[::-1], "survived: yes, no") == found[::-1]).all()
    assert judge.asked == []
