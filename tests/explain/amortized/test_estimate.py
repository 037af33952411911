"""What learning to explain is said to cost, worked by hand."""

from __future__ import annotations

import pytest

from core.explain.amortized.estimate import learned_seconds, pays_from


@pytest.mark.parametrize(("language", "each"), [("en", 8.0), ("zh", 15.0), ("", 15.0)])
def test_learning_costs_its_texts_and_its_lessons(language, each):
    asked = 1000 * 18 + 100 * (2 * 200 + 2 * (10 + 26 + 60))  # lessons, and what tries them
    assert learned_seconds(1000, 4.0, language) == pytest.approx(3 + (asked * 0.25 * 4 + 1000 * each) / 1000)


def test_learning_pays_once_it_is_cheaper_than_fifty_masked_texts_a_row():
    # (3 + 77.2 + 8) s over 50 × 4 ms a row: 441, said with two digits
    assert learned_seconds(1000, 4.0) == pytest.approx(3 + 77.2 + 8)
    assert pays_from(1000, 4.0) == 440
    assert pays_from(1000, 4.0, "zh") == 480  # (3 + 77.2 + 15) / 0.2 = 476
    assert pays_from(1000, 0.0) > 10**9  # nothing is saved of a model that takes no time
