"""Tests of core.results.explanations.global_explanation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.results.comparison import Interval
from core.results.explanations.global_explanation import Importance, WholeExplanation, of_class, ranked, shares


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


def test_of_one_row_nothing_more_is_known_and_a_size_is_never_below_nothing():
    first, second = ranked(pd.DataFrame({"column": ["a", "a", "b"], "effect": [0.0, 10.0, 0.5]}))
    assert (first.value.low, first.value.high) == (0, pytest.approx(5 + 1.96 * 5))
    assert second.value == Interval(mean=0.5, low=0.5, high=0.5)
    nothing = Importance(name="a", value=Interval(mean=0.0, low=0.0, high=0.0))
    assert shares([nothing]) == {"a": 0.0}


def test_what_a_whole_explanation_need_not_say():
    made = WholeExplanation(run="r", candidate="c", unit="probability", background_rows=9, n_rows=9)
    assert (made.exact, made.permutation_unseen, made.word_learned) == (True, False, False)
    assert (made.pair_rows, made.word_rows, made.seconds) == (0, 0, 0)
