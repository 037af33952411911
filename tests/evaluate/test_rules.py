"""Rules with a limit: what is said on either side of each limit."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluate.ranking import metric_for, positive_class
from core.evaluate.scores import affordable
from core.evaluate.verdict.checks import checks
from core.messages import say
from core.results.comparison import Detail, Interval, LearningPoint
from core.results.explanations.quality import Agreement, ExplainedTrust, Walk
from core.results.explanations.quality_checks import findings


def between(low: float, mean: float, high: float) -> Interval:
    return Interval(mean=mean, low=low, high=high)


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


def trust(correlation: float | None = None, **more) -> ExplainedTrust:
    seeds = [] if correlation is None else [alike("words", "seeds", correlation)]
    return ExplainedTrust(**{"run": "r", "candidate": "c", "classes": ["a", "b"], "agreements": seeds, **more})


def alike(what: str, how: str, mean: float, **more) -> Agreement:
    return Agreement(what=what, how=how, n_rows=40, correlation=between(mean - 0.1, mean, mean + 0.1), **more)


@pytest.mark.parametrize(
    ("mean", "code", "standing"),
    [
        (0.9, "stable", "good"),
        (0.89, "somewhat_stable", "unclear"),
        (0.7, "somewhat_stable", "unclear"),
        (0.69, "unstable", "bad"),
    ],
)
def test_an_order_is_stable_from_nine_tenths_on(mean, code, standing):
    (found,) = findings(trust(mean))
    assert (found.subject, found.code, found.standing) == ("stable", code, standing)
    assert f"Words: with another seed the rank correlation is {mean:.2f}" in str(found.text)
    exact = findings(trust(agreements=[alike("columns", "seeds", 0.1, exact=True)]))
    assert [(one.code, one.standing) for one in exact] == [("exact", "good")]
    assert str(exact[0].text).startswith("Columns: computed exactly")


@pytest.mark.parametrize(
    ("low", "high", "code", "standing"),
    [
        (0.01, 0.2, "order_beats_chance", "good"),
        (0.0, 0.2, "order_like_chance", "unclear"),
        (-0.2, 0.0, "order_like_chance", "unclear"),
        (-0.2, -0.01, "order_below_chance", "bad"),
    ],
)
def test_an_order_beats_chance_where_its_whole_interval_does(low, high, code, standing):
    walk = Walk(
        what="words", n_rows=40, share=[0, 1], removed=[1, 0], removed_random=[1, 0], added=[0, 1], added_random=[0, 1],
        removal=between(low, (low + high) / 2, high), insertion=between(0, 0, 0), first=3,
    )  # fmt: skip
    (found,) = findings(trust(walks=[walk]))
    assert (found.subject, found.code, found.standing) == ("faithful", code, standing)
    assert "falls by" not in str(found.text)
    told = walk.model_copy(update={"lost": between(0, 0.4, 0.5), "lost_random": between(0, 0.1, 0.2)})
    (found,) = findings(trust(walks=[told]))
    assert "without the 3 it puts first, the probability falls by 0.40; without 3 random ones, by 0.10." in str(
        found.text
    )
    half = walk.model_copy(update={"lost": between(0, 0.4, 0.5)})
    assert "falls by" not in str(findings(trust(walks=[half]))[0].text)
    (number,) = findings(trust(walks=[told.model_copy(update={"what": "columns"})], classes=[]))
    assert "without the one it puts first, the prediction moves by 0.4; without a random one, by 0.1." in str(
        number.text
    )


@pytest.mark.parametrize(
    ("shuffled", "again", "low", "code", "standing"),
    [
        (0.7, 0.9, 0.1, "labels_hardly_matter", "bad"),
        (0.49, 0.5, 0.1, "labels_matter", "good"),
        (0.49, 0.49, 0.1, "again_differs", "unclear"),
        (0.5, 0.9, 0.1, "labels_matter_little", "unclear"),
        (0.49, 0.9, 0.0, "labels_matter_little", "unclear"),
    ],
)
def test_labels_matter_where_shuffling_them_changes_the_order_and_training_again_does_not(
    shuffled, again, low, code, standing
):
    pair = [alike("words", "shuffled", shuffled), alike("words", "again", again)]
    (found,) = findings(trust(agreements=pair, gaps={"words": between(low, 0.2, 0.3)}, n_rows=40))
    assert (found.subject, found.code, found.standing) == ("learned", code, standing)
    for lacking in (pair[:1], pair[1:]):
        (none,) = findings(trust(agreements=lacking, gaps={"words": between(low, 0.2, 0.3)}, n_rows=40))
        assert (none.code, none.standing) == ("too_few", "none")
    assert findings(trust(agreements=pair)) == []  # nothing was explained yet
    (not_made,) = findings(trust(agreements=pair, not_refitted=say("No time.")))
    assert (not_made.code, str(not_made.text)) == ("not_refitted", "No time.")
