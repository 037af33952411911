"""Tests of core.results.explanations.global_explanation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.results.explanations.global_explanation import of_class, ranked, shares


def test_ranking_by_hand():
    rows = pd.DataFrame({"column": ["a", "b", "a", "b"], "effect": [0.1, -0.5, -0.3, 0.5]})
    first, second = ranked(rows)
    assert (first.name, first.value.mean, first.value.low) == ("b", 0.5, 0.5)
    assert second.value.mean == pytest.approx(0.2)
    assert second.value.high == pytest.approx(0.2 + 1.96 * np.std([0.1, 0.3], ddof=1) / np.sqrt(2))
    assert shares([first, second]) == pytest.approx({"b": 5 / 7, "a": 2 / 7})


def test_lines_of_a_class_or_of_what_each_row_was_called():
    rows = pd.DataFrame({"label": ["good", "bad", "good", "bad"], "called": [True, False, False, True]})
    assert of_class(rows, "good").index.tolist() == [0, 2]
    assert of_class(rows, None).index.tolist() == [0, 3]
