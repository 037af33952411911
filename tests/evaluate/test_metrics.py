"""Scores by name: scikit-learn's, and none where rows don't define one."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.metrics import point
from core.evaluate.scores import score


def test_a_score_that_rows_do_not_define_is_none_and_not_0():
    likely = np.array([[0.3, 0.7], [0.6, 0.4], [0.9, 0.1]])
    none = ("average_precision", "binary", np.array(["no"] * 3), np.array(["no"] * 3), likely, ["no", "yes"])
    assert np.isnan(point(*none, positive="yes"))
    assert "average_precision" not in score("binary", *none[2:], positive="yes")
    assert np.isnan(point("r2", "regression", np.full(3, 2.0), np.array([1.0, 2.0, 3.0]), None, []))
    assert np.isnan(point("r2", "regression", np.array([2.0]), np.array([2.0]), None, []))
    assert point("r2", "regression", np.array([1.0, 3.0]), np.array([1.0, 2.0]), None, []) == pytest.approx(0.5)
