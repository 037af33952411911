"""Influence values are the derivatives of scikit-learn's scores by row weights; variances they give are known ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from core.evaluate.intervals.influence import average_precision, measured, roc_area

CLASSES = ["a", "b", "c"]
STEP = 1e-5
N = 60


def drawn(seed, n_classes):
    random = np.random.default_rng(seed)
    classes = CLASSES[:n_classes]
    truth = random.choice(classes, N, p=np.array([0.5, 0.3, 0.2])[:n_classes] / sum([0.5, 0.3, 0.2][:n_classes]))
    likely = np.round(random.dirichlet(np.ones(n_classes), N), 1) + 0.01  # with ties
    likely /= likely.sum(axis=1, keepdims=True)
    return classes, truth, np.array(classes)[likely.argmax(axis=1)], likely


def derivative(weighted):
    """Of a score by the weight of each row, by two small steps."""
    found = []
    for row in range(N):
        weights = np.ones(N)
        weights[row] += STEP
        above = weighted(weights)
        weights[row] -= 2 * STEP
        found.append((above - weighted(weights)) / (2 * STEP))
    return np.array(found)


def by_scikit_learn(truth, said, likely, classes):
    hit = truth[:, None] == np.array(classes)
    macro = {"average": "macro", "zero_division": 0}
    several = len(classes) > 2
    positive = likely if several else likely[:, 1]  # "b" is the rarer one
    wanted = truth if several else hit[:, 1]

    def brier(weights):
        return np.average(((likely - hit) ** 2).sum(axis=1) / (1 if several else 2), weights=weights)

    def precision_area(weights):
        if not several:
            return metrics.average_precision_score(wanted, positive, sample_weight=weights)
        each = [metrics.average_precision_score(hit[:, k], likely[:, k], sample_weight=weights) for k in range(3)]
        return np.mean(each)

    def area(weights):
        if not several:
            return metrics.roc_auc_score(wanted, positive, sample_weight=weights)
        return np.mean([metrics.roc_auc_score(hit[:, k], likely[:, k], sample_weight=weights) for k in range(3)])

    return {
        "accuracy": lambda weights: metrics.accuracy_score(truth, said, sample_weight=weights),
        "balanced_accuracy": lambda weights: metrics.balanced_accuracy_score(truth, said, sample_weight=weights),
        "precision": lambda weights: metrics.precision_score(truth, said, sample_weight=weights, **macro),
        "recall": lambda weights: metrics.recall_score(truth, said, sample_weight=weights, **macro),
        "f1": lambda weights: metrics.f1_score(truth, said, sample_weight=weights, **macro),
        "roc_auc": area,
        "average_precision": precision_area,
        "log_loss": lambda weights: metrics.log_loss(truth, likely, sample_weight=weights),
        "brier": brier,
    }


@pytest.mark.parametrize("n_classes", [2, 3])
def test_of_classes(n_classes):
    classes, truth, said, likely = drawn(n_classes, n_classes)
    found = measured("binary" if n_classes == 2 else "multiclass", truth, said, likely, classes)
    expected = by_scikit_learn(truth, said, likely, classes)
    assert set(found) == set(expected)
    for name, weighted in expected.items():
        assert found[name].value == pytest.approx(weighted(np.ones(N))), name
        assert found[name].influence == pytest.approx(derivative(weighted), abs=1e-6), name


def test_of_numbers():
    random = np.random.default_rng(0)
    truth = random.normal(3, 2, N)
    said = truth + random.normal(0, 1, N)
    found = measured("regression", truth, said, None, [])
    expected = {
        "r2": lambda weights: metrics.r2_score(truth, said, sample_weight=weights),
        "rmse": lambda weights: metrics.root_mean_squared_error(truth, said, sample_weight=weights),
        "mae": lambda weights: metrics.mean_absolute_error(truth, said, sample_weight=weights),
    }
    for name, weighted in expected.items():
        assert found[name].value == pytest.approx(weighted(np.ones(N)))
        assert found[name].influence == pytest.approx(derivative(weighted), abs=1e-7), name


def test_numbers_that_hardly_differ_have_a_score():
    truth, said = np.array([1000.0, 1000.1, 1000.2]), np.array([1000.1, 1000.1, 1000.2])
    assert measured("regression", truth, said, None, [])["r2"].value == pytest.approx(0.5, abs=1e-6)  # 1 − 0.01 / 0.02


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_influences_sum_to_zero(rows):
    wanted, values = np.array([one for one, _value in rows]), np.array([float(value) for _one, value in rows])
    if 0 < wanted.sum() < len(wanted):
        for found in (roc_area(wanted, values), average_precision(wanted, values)):
            assert found.influence.sum() == pytest.approx(0, abs=1e-9)
            assert 0 <= found.value <= 1 + 1e-12


def test_the_variance_of_an_area_is_delongs():
    random = np.random.default_rng(1)
    wanted = random.random(80) < 0.4
    values = np.round(random.normal(size=80) + wanted, 1)
    above = values[wanted][:, None] > values[~wanted]
    kernel = above + 0.5 * (values[wanted][:, None] == values[~wanted])
    of_wanted, of_others = kernel.mean(axis=1), kernel.mean(axis=0)  # DeLong's placements
    expected = of_wanted.var() / wanted.sum() + of_others.var() / (~wanted).sum()
    assert (roc_area(wanted, values).influence ** 2).sum() == pytest.approx(expected)


def test_the_variance_of_a_gain_in_accuracy_is_mcnemars():
    # 10 rows that only the first gets right, 4 that only the second does, of 100: (14 - 6²/100) / 100²
    truth = np.array(["a"] * 100)
    first = measured("binary", truth, np.array(["a"] * 80 + ["b"] * 20), None, ["a", "b"])["accuracy"]
    second = measured("binary", truth, np.array(["b"] * 10 + ["a"] * 70 + ["b"] * 16 + ["a"] * 4), None, ["a", "b"])
    apart = first.influence - second["accuracy"].influence
    assert first.value - second["accuracy"].value == pytest.approx(0.06)
    assert (apart**2).sum() == pytest.approx((14 - 0.36) / 100**2)


def test_a_class_of_a_single_row_has_an_area():
    """It ranks above 3 of 4 others, or second of five: a precision of one half."""
    truth, yes = np.array(["no"] * 4 + ["yes"]), np.array([0.9, 0.1, 0.2, 0.3, 0.8])
    found = measured("binary", truth, truth, np.column_stack([1 - yes, yes]), ["no", "yes"], positive="yes")
    assert found["roc_auc"].value == pytest.approx(0.75)
    assert found["average_precision"].value == pytest.approx(0.5)


def test_what_is_not_defined_is_left_out():
    same = np.array(["a"] * 9)
    assert "roc_auc" not in measured("binary", same, same, np.tile([0.9, 0.1], (9, 1)), ["a", "b"])
    assert "r2" not in measured("regression", np.ones(5), np.arange(5.0), None, [])
    assert measured("binary", same[:0], same[:0], None, ["a", "b"]) == {}
