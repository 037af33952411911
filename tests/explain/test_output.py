"""The number that an explanation shares out."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain import output as outputs

LIKELY = np.array([[0.2, 0.8], [0.5, 0.5]])
ODDS = np.log(4)


def test_of_a_class_it_is_its_log_odds_or_its_probability():
    assert outputs.of(LIKELY, 1, "margin") == pytest.approx([ODDS, 0])
    assert outputs.of(LIKELY, 0, "probability").tolist() == [0.2, 0.5]
    assert outputs.every(LIKELY, "margin") == pytest.approx(np.array([[-ODDS, ODDS], [0, 0]]))
    assert outputs.every(LIKELY, "probability") is LIKELY


@pytest.mark.parametrize("output", ["margin", "probability"])
def test_numbers_stay_as_they_are(output):
    numbers = np.array([3.0, -4.0])
    assert outputs.of(numbers, 0, output).tolist() == [3, -4]
    assert outputs.every(numbers, output).tolist() == [[3], [-4]]


def test_certainty_has_log_odds_that_are_as_large_as_its_opposites():
    sure = outputs.margin(np.array([0.0, 1e-12, 1.0]))
    assert sure[0] == sure[1] == pytest.approx(np.log(1e-12), rel=1e-9)
    assert sure[2] == pytest.approx(-sure[0], rel=1e-4)


def test_what_its_numbers_are_called():
    assert outputs.unit("regression", "price", "margin") == "price"
    assert outputs.unit("binary", "mood", "margin") == "log-odds"
    assert outputs.unit("multiclass", "mood", "probability") == "probability"
