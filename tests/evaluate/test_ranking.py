"""Which metric ranks and which class it speaks of."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.ranking import metric_for, positive_class
from core.evaluate.scores import score


def shares(**counts: int) -> np.ndarray:
    return np.repeat(list(counts), list(counts.values()))


@pytest.mark.parametrize(
    ("task", "counts", "metric"),
    [
        ("binary", {"a": 90, "b": 10}, "accuracy"),
        ("binary", {"a": 91, "b": 9}, "average_precision"),
        ("multiclass", {"a": 45, "b": 45, "c": 10}, "accuracy"),
        ("multiclass", {"a": 45, "b": 46, "c": 9}, "balanced_accuracy"),
    ],
)
def test_accuracy_ranks_down_to_a_tenth(task, counts, metric):
    assert metric_for(task, shares(**counts))[0] == metric


@pytest.mark.parametrize(
    ("counts", "positive"),
    [
        ({"yes": 80, "no": 20}, "yes"),
        ({"yes": 81, "no": 19}, "no"),
        ({"yes": 5, "no": 95}, "yes"),
        ({"Spam": 70, "ham": 30}, "Spam"),
        ({"1": 50, "yes": 50}, "1"),  # both say yes, and are as rare: by name
        ({"b": 50, "a": 50}, "a"),
    ],
)
def test_the_class_that_says_yes_is_spoken_of_while_the_other_is_a_fifth(counts, positive):
    assert positive_class(shares(**counts), list(counts)) == positive


def test_a_rare_class_changes_the_ranking_metric():
    assert metric_for("binary", np.array(["0"] * 60 + ["1"] * 40)) == ("accuracy", None)
    name, reason = metric_for("binary", np.array(["0"] * 95 + ["1"] * 5))
    assert name == "average_precision"
    assert "5.0%" in str(reason)
    assert metric_for("multiclass", np.array(["a"] * 90 + ["b"] * 25 + ["c"] * 5))[0] == "balanced_accuracy"
    assert metric_for("regression", np.arange(5.0))[0] == "r2"


def test_the_positive_class_says_yes_or_is_the_rarer_one():
    assert positive_class(np.array(["0", "1", "1"]), ["0", "1"]) == "1"
    assert positive_class(np.array(["ham", "ham", "spam"]), ["ham", "spam"]) == "spam"
    assert positive_class(np.array(["x", "x", "w"]), ["w", "x"]) == "w"


def test_where_nearly_all_say_yes_the_rare_no_is_ranked():
    truth = np.array(["1"] * 950 + ["0"] * 50)
    assert metric_for("binary", truth)[0] == "average_precision"
    assert positive_class(truth, ["0", "1"]) == "0"
    yes = np.random.default_rng(4).random(1000)
    blind = score("binary", truth, np.full(1000, "1"), np.column_stack([1 - yes, yes]), ["0", "1"])
    assert blind["average_precision"].mean < 0.15  # chance is the share of the rare class, 0.05
