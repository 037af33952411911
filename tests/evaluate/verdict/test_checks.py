"""Doubts about a comparison: each is raised by its fault, from its limit on."""

from __future__ import annotations

import pytest

from core.evaluate.scores import affordable
from core.evaluate.verdict.checks import checks
from core.results.comparison import Detail, Interval, LearningPoint


def between(low: float, mean: float, high: float) -> Interval:
    return Interval(mean=mean, low=low, high=high)


@pytest.mark.parametrize(
    ("resamples", "n", "k", "made"),
    [(500, 1000, 2, 500), (500, 100_000, 2, 300), (500, 100_000, 0, 500), (500, 1_000_000, 2, 100), (50, 10**6, 9, 50)],
)
def test_many_rows_get_fewer_draws_but_a_hundred(resamples, n, k, made):
    assert affordable(resamples, n, k) == made


def doubts(task: str = "binary", metric: str = "accuracy", **more) -> dict:
    scores = {metric: between(0.75, 0.8, 0.85), "balanced_accuracy": between(0.75, 0.8, 0.85)}
    given = {"name": "m", "dummy_scores": {metric: between(0.45, 0.5, 0.55)}, "scores": scores, **more}
    return checks(Detail(**given), metric, task)


def test_a_doubt_begins_at_its_limit():
    assert doubts() == {}
    touching = {"accuracy": between(0.5, 0.6, 0.65)}
    assert set(doubts(scores=touching)) == {"no_better_than_guessing"}
    assert doubts(scores={"accuracy": between(0.501, 0.6, 0.65)}) == {}
    assert doubts(name="dummy", scores=touching) == {}
    sure = {"accuracy": between(0.9, 0.995, 1)}
    assert set(doubts(scores={**sure, "balanced_accuracy": between(0.99, 0.995, 1)})) == {"suspiciously_perfect"}
    assert doubts(scores={**sure, "balanced_accuracy": between(0.98, 0.994, 1)}) == {}
    fit = {"r2": between(0.99, 0.997, 1), "balanced_accuracy": between(0, 0, 0)}
    assert set(doubts("regression", "r2", scores=fit)) == {"suspiciously_perfect"}
    assert doubts(scores={"accuracy": between(0.55, 0.65, 0.75)}) == {}
    assert set(doubts(scores={"accuracy": between(0.55, 0.65, 0.751)})) == {"wide_interval"}


def test_small_and_passed_over_classes_are_named_with_their_rows():
    one = between(0.1, 0.5, 0.9)
    classes = [
        {"label": label, "n_rows": n, "precision": one, "recall": one, "f1": one} for label, n in (("x", 10), ("y", 9))
    ]
    found = doubts(classes=classes, confusion=[[10, 0], [9, 0]])
    assert set(found) == {"small_class", "never_predicted"}
    assert "“y” was scored on only 9 rows" in str(found["small_class"])
    assert "though 9 rows belong to it" in str(found["never_predicted"])
    assert set(doubts(classes=classes, confusion=[[9, 1], [9, 0]])) == {"small_class"}
    assert set(doubts(name="dummy", classes=classes, confusion=[[10, 0], [9, 0]])) == {"small_class"}
    gone = [classes[0], {**classes[1], "n_rows": 0}]
    assert "never_predicted" not in doubts(classes=gone, confusion=[[10, 0], [0, 0]])


@pytest.mark.parametrize(("train", "doubted"), [(0.94, False), (0.951, True)])
def test_learned_by_heart_is_fifteen_points_better_than_on_others(train, doubted):
    last = LearningPoint(n_rows=90, train=train, validation=between(0.75, 0.8, 0.85))
    first = LearningPoint(n_rows=10, train=1.0, validation=between(0.1, 0.2, 0.3))
    assert ("overfitted" in doubts(learning=[first, last])) is doubted
    unsure = LearningPoint(n_rows=90, train=0.96, validation=between(0.6, 0.8, 0.97))
    assert "overfitted" not in doubts(learning=[unsure])
