"""Two explanations beside each other."""

from __future__ import annotations

import numpy as np
import pytest

from core.results.comparison import Interval
from core.results.explanations import contrast
from core.results.explanations.global_explanation import Importance
from tests.results.explanations.test_importance_notes import explained


def importance(name: str, mean: float, reach: float = 0.001) -> Importance:
    return Importance(name=name, value=Interval(mean=mean, low=mean - reach, high=mean + reach))


def test_two_explanations_beside_each_other():
    first = explained({"t": 3.0, "n": 1.0}, words=[("good", 2.0, 5), ("odd", 9.0, 1)])
    second = explained({"n": 1.0}, words=[("bad", -0.5, 3)])
    columns = contrast.columns(first, second)
    assert columns.to_dict("list") == {
        "column": ["n", "t"],
        "first": [0.25, 0.75],
        "second": [1.0, pytest.approx(np.nan, nan_ok=True)],
    }
    words = contrast.words(first, second).set_index("word")
    assert set(words.index) == {"good", "bad"}  # a word of one row says too little
    assert words.loc["good", ["first", "second", "rows"]].tolist() == [0.5, 0.0, 5]
    assert words.loc["bad", ["first", "second"]].tolist() == [0.0, -0.5]


def test_words_stand_by_how_far_two_explanations_are_apart():
    first = explained({"t": 1.0}, words=[("alike", 0.9, 5), ("apart", 0.3, 5), ("less", 0.1, 5)])
    second = explained({"t": 1.0}, words=[("alike", 0.9, 5), ("apart", -0.3, 5), ("less", 0.0, 5)])
    assert contrast.words(first, second)["word"].tolist() == ["apart", "less", "alike"]
