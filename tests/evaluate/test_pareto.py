"""The front of scores over costs."""

from __future__ import annotations

from core.evaluate.pareto import frontier


def test_the_front_holds_what_no_other_beats():
    costs = [1, 2, 3, 4, 0.5]
    scores = [0.6, 0.8, 0.7, 0.9, 0.5]
    assert frontier(costs, scores) == [4, 0, 1, 3]  # the third costs more than the second and scores less


def test_the_front_keeps_one_of_equals_and_the_better_at_one_cost():
    assert frontier([1, 1, 1], [0.5, 0.7, 0.7]) == [1]
    assert frontier([0, 5], [0.9, 0.9]) == [0]
    assert frontier([], []) == []
