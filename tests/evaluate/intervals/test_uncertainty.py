"""Intervals: known values where there are closed forms, and how often they hold the truth where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.data.splits.folds import folds
from core.evaluate.intervals.influence import measured, share_of_right
from core.evaluate.intervals.uncertainty import (
    Sampling,
    inflation,
    interval_by_error,
    joint_quantile,
    share_interval_of,
)
from core.evaluate.scores import score
from core.evaluate.subgroups import by_group
from core.plan import Validation

CLASSES = ["a", "b"]


def accuracy(right, sampling=None):
    right = np.asarray(right, dtype=bool)
    truth = np.full(len(right), "a")
    return score("binary", truth, np.where(right, "a", "b"), None, CLASSES, sampling=sampling)["accuracy"]


def test_of_rows_drawn_alone_a_share_has_wilsons_interval():
    # Newcombe, Statistics in Medicine 17, 1998, table I, method 3: 81 of 263
    found = accuracy([True] * 81 + [False] * 182)
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


def test_of_groups_whose_rows_are_all_alike_each_counts_as_one_row():
    groups = np.repeat(np.arange(40), 25)
    right = np.repeat([True] * 30 + [False] * 10, 25)
    alone = stats.t.ppf(0.975, 39)  # Wilson's formula for 30 of 40 with Student's quantile
    middle = (0.75 + alone**2 / 80) / (1 + alone**2 / 40)
    reach = alone / (1 + alone**2 / 40) * (0.75 * 0.25 / 40 + alone**2 / (4 * 40**2)) ** 0.5
    found = accuracy(right, Sampling(np.arange(1000), groups))
    assert (found.mean, found.low, found.high) == pytest.approx((0.75, middle - reach, middle + reach))


def test_the_error_of_grouped_rows_by_hand():
    # sums of influence of the three groups: (1, -3, 2); 3/2 times the sum of squares 14
    sampling = Sampling(np.arange(6), np.array([0, 0, 1, 1, 2, 2]))
    sums = sampling.summed(np.array([[2.0], [-1.0], [-2.0], [-1.0], [1.0], [1.0]]))
    assert sums[:, 0].tolist() == [1, -3, 2]
    assert sampling.errors(sums)[0] == pytest.approx(21**0.5)
    assert Sampling(sampling.rows, sampling.units, 1.25).errors(sums)[0] == pytest.approx((1.25 * 21) ** 0.5)


@pytest.mark.parametrize("metric", ["r2", "rmse", "mae", "log_loss", "brier"])
def test_crossed_folds_make_gains_in_losses_less_sure_than_scores(metric):
    sums = np.array([[1.0], [-3.0], [2.0]])  # 3/2 times the sum of squares 14 is 21
    for inflation_of_scores, factor in [(1.0, 1.0), (10 / 9, 1.75), (1.25, 1.75), (2.0, 2.0)]:
        sampling = Sampling(np.arange(3), np.arange(3), inflation_of_scores)
        assert sampling.errors_of_gains(metric, sums)[0] == pytest.approx((factor * 21) ** 0.5)


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "f1", "roc_auc", "average_precision"])
def test_a_gain_in_a_share_or_an_area_keeps_the_factor_of_scores(metric):
    sums, sampling = np.array([[1.0], [-3.0], [2.0]]), Sampling(np.arange(3), np.arange(3), 1.25)
    assert sampling.errors_of_gains(metric, sums)[0] == pytest.approx((1.25 * 21) ** 0.5)


def grouped(random):
    """40 groups of 25 rows; the chance to be right differs from group to group, .7 on average."""
    chance = random.beta(1.4, 0.6, 40)
    return random.random((40, 25)).ravel() < np.repeat(chance, 25)


def test_forty_groups_of_25_rows_are_covered_and_would_not_be_by_drawing_rows():
    random, groups = np.random.default_rng(0), np.repeat(np.arange(40), 25)
    by_unit = by_row = 0
    for _time in range(400):
        right = grouped(random)
        found, alone = accuracy(right, Sampling(np.arange(1000), groups)), accuracy(right)
        by_unit += found.low <= 0.7 <= found.high
        by_row += alone.low <= 0.7 <= alone.high
    assert by_unit >= 0.93 * 400
    assert by_row < 0.7 * 400  # 64.7 % in the benchmark of before


def test_the_precision_of_a_class_is_covered_where_rows_are_grouped():
    random, groups = np.random.default_rng(1), np.repeat(np.arange(40), 25)
    said, sampling = np.tile([True, False], 500), Sampling(np.arange(1000), groups)
    covered = 0
    for _time in range(300):
        found = share_interval_of(grouped(random), said, sampling)
        covered += found.low <= 0.7 <= found.high
    assert covered >= 0.93 * 300


@pytest.mark.parametrize(("n", "least"), [(50, 0.925), (700, 0.93)])
def test_r2_is_covered(n, least):
    # numbers of variance 2, of which 1 is foretold: R² is one half; a normal quantile would cover less of few rows
    random, covered = np.random.default_rng(2), 0
    for _time in range(400):
        known = random.normal(size=n)
        found = score("regression", known + random.normal(size=n), known, None, [])["r2"]
        covered += found.low <= 0.5 <= found.high
    assert covered >= least * 400
    assert covered <= 0.975 * 400


def test_average_precision_of_few_wanted_rows_is_covered():
    random, covered = np.random.default_rng(3), 0
    wanted = np.arange(200) < 20
    huge = random.normal(size=1_000_000) + 1.5 * (np.arange(1_000_000) < 100_000)
    order = np.argsort(-huge)
    hits = order < 100_000
    true = (np.cumsum(hits) / np.arange(1, 1_000_001))[hits].mean()
    truth = np.where(wanted, "yes", "no")
    for _time in range(300):
        chance = 1 / (1 + np.exp(-(random.normal(size=200) + 1.5 * wanted)))
        likely = np.column_stack([1 - chance, chance])
        found = score("binary", truth, truth, likely, ["no", "yes"])["average_precision"]
        covered += found.low <= true <= found.high
    assert 0.91 * 300 <= covered <= 0.985 * 300


@pytest.mark.parametrize("metric", ["accuracy", "average_precision", "roc_auc", "r2", "log_loss", "rmse"])
@pytest.mark.parametrize("value", [0.02, 0.5, 0.97])
def test_no_interval_leaves_the_bounds_of_its_score(metric, value):
    found = interval_by_error(metric, value, 0.2, Sampling.alone(30))
    assert found.low < value < found.high
    assert found.high <= 1 or metric in {"log_loss", "rmse"}
    assert found.low >= 0 or metric == "r2"


def test_a_ranking_without_a_mistake_is_as_sure_as_its_rarer_class_is_frequent():
    truth = np.array(["yes"] * 8 + ["no"] * 200)
    likely = np.column_stack([truth == "no", truth == "yes"]).astype(float)
    found = score("binary", truth, truth, likely, ["no", "yes"])["average_precision"]
    assert (found.mean, found.low) == (1, pytest.approx(0.6756, abs=1e-4))  # Wilson: 8 of 8


@pytest.mark.parametrize(
    ("m", "correlation", "n", "known"),
    [(2, 0.5, 10**6, 2.21), (5, 0.5, 10**6, 2.51), (2, 0.5, 21, 2.38), (5, 0.5, 21, 2.73)],
)
def test_the_joint_quantile_is_dunnetts(m, correlation, n, known):
    # Dunnett, Biometrics 20, 1964, table II: two-sided, 95 %, infinitely many or 20 degrees of freedom
    random = np.random.default_rng(0)
    units = min(n, 4000)
    shared, own = random.normal(size=(units, 1)), random.normal(size=(units, m))
    drawn = correlation**0.5 * shared + (1 - correlation) ** 0.5 * own
    whitened = np.linalg.qr(drawn - drawn.mean(axis=0))[0]
    wanted = np.linalg.cholesky(np.full((m, m), correlation) + (1 - correlation) * np.eye(m))
    assert joint_quantile(whitened @ wanted.T) == pytest.approx(known, abs=0.03)


def test_the_joint_quantile_of_one_or_of_equals_is_students():
    sums = np.random.default_rng(0).normal(size=(30, 1))
    assert joint_quantile(sums) == pytest.approx(stats.t.ppf(0.975, 29))
    assert joint_quantile(np.hstack([sums, sums])) == pytest.approx(stats.t.ppf(0.975, 29), rel=0.02)
    assert joint_quantile(np.hstack([sums, 0 * sums])) == pytest.approx(stats.t.ppf(0.975, 29))


def test_folds_that_train_on_each_others_rows_are_less_sure():
    y = np.random.default_rng(0).normal(size=100)
    assert inflation(folds(y, Validation(folds=5))) == pytest.approx(1.25)
    assert inflation(folds(y, Validation(folds=10))) == pytest.approx(1 + 10 / 90)
    assert inflation(folds(y, Validation(kind="holdout"))) == 1
    assert inflation(folds(y, Validation(folds=5, time="t"), times=np.arange(100))) == 1


def test_held_out_rows_of_crossed_folds_are_not_independent():
    # The mean of the other folds is the model, zero the rival, and the truth is zero, too: the gain in squared error of
    # each fold's model is minus the square of that mean. By rows alone the interval misses it too often.
    random, plain, wider, distances, errors = np.random.default_rng(4), 0, 0, [], []
    test = np.repeat(np.arange(5), 20)
    for _time in range(1500):
        y = random.normal(size=100)
        means = np.array([y[test != fold].mean() for fold in range(5)])
        gains = y**2 - (y - means[test]) ** 2
        error, true = gains.std(ddof=1) / 10, -np.mean(means**2)
        distances.append(gains.mean() - true)
        errors.append(error)
        plain += abs(gains.mean() - true) <= 1.984 * error
        wider += abs(gains.mean() - true) <= 1.984 * error * 1.25**0.5
    assert plain < 0.87 * 1500
    assert wider > plain + 0.03 * 1500
    assert np.var(distances) / np.mean(np.square(errors)) == pytest.approx(2, abs=0.2)  # each pair of rows twice


def test_a_group_that_is_one_unit_is_seen_by_its_rows():
    patients = pd.Series(["x"] * 20 + ["y"] * 20)
    right = [True] * 15 + [False] * 5 + [True] * 20
    frame = pd.DataFrame(
        {"row": range(40), "unit": [0] * 20 + [1] * 20, "truth": "a", "prediction": np.where(right, "a", "b")}
    )
    x, y = by_group(frame, patients, "binary", "accuracy", CLASSES)
    assert (x.label, x.score) == ("x", accuracy(right[:20]))
    assert (y.label, y.score) == ("y", accuracy(right[20:]))


def test_a_gain_has_one_row_more_than_it_shows():
    assert share_of_right(np.ones(50)).step == 0.02
    truth = np.array(["a"] * 40 + ["b"] * 10)
    # one row of the rare class moves balanced accuracy by 1/20, of the frequent one by 1/80: root of the mean square
    step = measured("binary", truth, truth, None, CLASSES)["balanced_accuracy"].step
    assert step == pytest.approx((0.8 / 80**2 + 0.2 / 20**2) ** 0.5)
