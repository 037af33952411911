"""Answers become numbers from 0 to 1, and classes become questions."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.asked.questions import BY_CLASSES, by_classes, value
from core.questions import Question, of_lines, parsed


def test_yes_or_no_is_the_share_of_yes():
    logs = np.log([[0.2, 0.2], [0.6, 0.2], [1e-9, 0.5]])
    assert value(Question("A?"), logs) == pytest.approx([0.5, 0.75, 0], abs=1e-6)


def test_a_scale_is_the_mean_place_on_it():
    logs = np.log([[1e-9, 1e-9, 1.0], [0.5, 1e-9, 0.5], [0.25, 0.5, 0.25], [0.6, 0.3, 0.1]])
    assert value(parsed("A? [1-3]"), logs) == pytest.approx([1, 0.5, 0.5, 0.25], abs=1e-6)


def test_classes_are_asked_for_by_what_they_mean():
    asked = [one.text for one in by_classes(["lateFlight", "x"], {"x": " lost baggage "})]
    assert asked == ["Is this text about “late flight”?", "Is this text about “lost baggage”?"]
    assert len(by_classes([f"class {number}" for number in range(30)], {})) == BY_CLASSES


def test_classes_that_read_alike_are_asked_for_once_and_long_ones_are_cut():
    asked = by_classes(["late_flight", "late flight", "x" * 400], {})
    assert len(asked) == 2
    assert of_lines([one.text for one in asked]) == asked
