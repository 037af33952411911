"""Answers are compared as SQuAD does."""

from __future__ import annotations

import pytest

from core.text_tasks.scores.token_overlap import contains, exact, token_f1


def test_answers_are_compared_as_in_squad():
    assert token_f1("the Tamm", "The river Tamm.") == pytest.approx(2 * 1 / (1 + 2))
    assert exact("The Tamm", "tamm!")
    assert contains("It flows into the Tamm river.", "the Tamm")
    assert not contains("Tamm", "river Tamm")
    assert token_f1("北京大学", "北京") == pytest.approx(2 * 2 / (4 + 2))
    assert token_f1("x", "y") == 0
