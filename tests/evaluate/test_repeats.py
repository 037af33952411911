"""Rows that repeated folds hold out several times are no new rows: no interval gets narrower by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.evaluate.detail import class_scores, detail
from core.evaluate.error_costs import error_costs
from core.evaluate.intervals.influence import measured
from core.evaluate.intervals.paired_tests import difference
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.subgroups import by_group, sampling_of

N, REPEATS = 120, 5
CLASSES = ["no", "yes"]
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


@pytest.fixture(scope="module")
def once():
    random = np.random.default_rng(0)
    truth = random.choice(CLASSES, N, p=[0.7, 0.3])
    yes = np.clip(0.3 + 0.3 * (truth == "yes") + random.normal(0, 0.2, N), 0.01, 0.99)
    return pd.DataFrame(
        {"row": np.arange(N), "fold": 0, "truth": truth, "prediction": np.where(yes > 0.5, "yes", "no"),
         "probability_no": 1 - yes, "probability_yes": yes}
    )  # fmt: skip


@pytest.fixture(scope="module")
def again(once):
    return pd.concat([once.assign(fold=fold) for fold in range(REPEATS)], ignore_index=True)


def described(held):
    likely = held[["probability_no", "probability_yes"]].to_numpy()
    return detail(
        "m", "binary", CLASSES, held["truth"].to_numpy(), held["prediction"].to_numpy(), likely, dummy_scores={},
        sampling=sampling_of(held),
    )  # fmt: skip


def numbers(interval):
    return pytest.approx(interval.model_dump())


def test_every_score(once, again):
    first, then = described(once), described(again)
    assert set(then.scores) == set(first.scores)
    for name, score in first.scores.items():
        assert then.scores[name].model_dump() == numbers(score), name


def test_each_class(once, again):
    for first, then in zip(described(once).classes, described(again).classes, strict=True):
        assert then.n_rows == first.n_rows
        for name in ("precision", "recall", "f1"):
            assert getattr(then, name).model_dump() == numbers(getattr(first, name)), name


@pytest.mark.parametrize("metric", ["accuracy", "f1", "roc_auc"])
def test_each_group(once, again, metric):
    values = pd.Series(["x"] * 70 + ["y"] * 40 + ["rare"] * 3 + ["seldom"] * 4 + [None] * 3)
    first = by_group(once, values, "binary", metric, CLASSES)
    then = by_group(again, pd.concat([values] * REPEATS), "binary", metric, CLASSES)
    shown = [("value", "x", 70), ("value", "y", 40), ("others", "", 7), ("missing", "", 3)]
    assert [(group.kind, group.label, group.n_rows) for group in then] == shown
    for one, other in zip(first, then, strict=True):
        assert (other.score and other.score.model_dump()) == (one.score and numbers(one.score))


def test_the_saving_of_a_threshold(once, again):
    def saved(held):
        wanted, yes = (held["truth"] == "yes").to_numpy(), held["probability_yes"].to_numpy()
        return error_costs(wanted, yes, THRESHOLDS, miss=5, false_alarm=1, sampling=sampling_of(held))

    first, then = saved(once), saved(again)
    assert then.saving.low < then.saving.high
    assert then.saving.model_dump() == numbers(first.saving)
    assert then.costs == pytest.approx(first.costs)


def test_the_difference_of_two_candidates(once, again):
    def gained(held):
        truth, said = held["truth"].to_numpy(), held["prediction"].to_numpy()
        both = said, np.full(len(held), "no")
        mine, other = (measured("binary", truth, one, None, CLASSES)["accuracy"] for one in both)
        return difference("accuracy", mine, other, sampling_of(held), to="dummy")

    first, then = gained(once), gained(again)
    assert (then.low, then.mean, then.high, then.p) == pytest.approx((first.low, first.mean, first.high, first.p))


def confused(counts, classes):
    """Class scores of as many rows as the confusion matrix says, each drawn alone."""
    rows = [(true, said) for place, true in enumerate(classes) for other, said in enumerate(classes)
            for _time in range(counts[place][other])]  # fmt: skip
    truth, said = (np.array([row[side] for row in rows]) for side in (0, 1))
    return class_scores(truth, said, classes, Sampling.alone(len(rows)))


def test_few_rows_of_a_class_say_little():
    # Wilson: 4 of 4 is 0.510 to 1; F1 by the share J of right ones among those of the class or called it: 2 J / (1 + J)
    few, many = confused([[4, 0], [0, 100]], ["few", "many"])
    assert (few.recall.low, few.recall.high) == (pytest.approx(0.5101, abs=1e-4), 1)
    assert few.f1.low == pytest.approx(2 * 0.5101 / 1.5101, abs=1e-4)
    assert many.precision.low == pytest.approx(0.9630, abs=1e-4)


def test_what_was_never_said_is_not_known():
    never = confused([[0, 3], [0, 9]], ["never", "always"])[0]
    assert (never.precision.mean, never.precision.low, never.precision.high) == (0, 0, 1)
    assert never.f1.mean == 0


def test_intervals_of_a_small_class_cover_the_truth():
    # of 60 rows a tenth are the class; it is found with 0.7, another is taken for it with 0.05
    random = np.random.default_rng(0)
    shares = np.array([0.1 * 0.7, 0.1 * 0.3, 0.9 * 0.05, 0.9 * 0.95])
    true = {"recall": 0.7, "precision": 0.07 / (0.07 + 0.045), "f1": 0.14 / (0.14 + 0.03 + 0.045)}
    covered = dict.fromkeys(true, 0)
    for counts in random.multinomial(60, shares, size=1000):
        found = confused(counts.reshape(2, 2), ["a", "b"])[0]
        for name, value in true.items():
            interval = getattr(found, name)
            covered[name] += interval.low <= value <= interval.high
    assert min(covered.values()) > 920
