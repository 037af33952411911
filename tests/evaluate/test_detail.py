"""What is drawn of a candidate: curves, calibration, errors."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.detail import detail


def test_a_rare_class_that_is_not_drawn_costs_a_perfect_model_nothing():
    classes = ["a", "b", "c"]
    truth = np.array(["a"] * 60 + ["b"] * 60 + ["c"])
    sure = (truth[:, None] == np.array(classes)).astype(float)
    found = detail("m", "multiclass", classes, truth, truth, sure, dummy_scores={})
    for metric in ("precision", "recall", "f1", "balanced_accuracy"):
        assert (found.scores[metric].low, found.scores[metric].high) == (pytest.approx(0.9692, abs=1e-4), 1), metric
