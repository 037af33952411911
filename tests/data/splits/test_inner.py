"""Inner splits keep the promises of the folds they lie in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold

from core.data.splits.inner import Dependence, held_back, inner_folds


@given(st.integers(0, 10_000), st.integers(2, 5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_group_is_on_both_sides_of_an_inner_split(seed, n_folds, classes):
    random = np.random.default_rng(seed)
    n = int(random.integers(20, 80))
    groups = random.integers(0, random.integers(2, 15), n)
    y = random.integers(0, 3, n) if classes else random.normal(size=n)
    task = "multiclass" if classes else "regression"
    made = inner_folds(task, y, seed, n_folds, Dependence(groups))
    if len(np.unique(groups)) < 2 or (classes and len(made) == 0):
        return
    if classes and any(len(np.unique(y[~np.isin(groups, groups == one)])) < 2 for one in np.unique(groups)):
        return
    for train, test in made:
        assert not set(groups[train]) & set(groups[test])


def test_inner_rows_held_back_are_later_than_those_trained_on():
    times = np.random.default_rng(0).permutation(np.repeat(np.arange(20.0), 4))
    y = np.random.default_rng(1).integers(0, 2, len(times))
    for train, test in inner_folds("binary", y, 0, 3, Dependence(None, times)):
        assert times[train].max() < times[test].min()
    train, held = held_back("binary", y, 0.12, 0, Dependence(None, times))
    assert times[train].max() < times[held].min()
    assert 0.05 < len(held) / len(y) < 0.2


def test_by_time_a_group_that_is_held_back_is_not_trained_on():
    times, groups = np.arange(60.0), np.tile(np.arange(20), 3)
    y = np.random.default_rng(1).normal(size=60)
    for train, test in inner_folds("regression", y, 0, 3, Dependence(groups, times)):
        assert times[train].max() < times[test].min()
        assert not set(groups[train]) & set(groups[test])


def test_rows_without_a_time_are_only_trained_on():
    times = np.where(np.arange(60) % 5 == 0, np.nan, np.arange(60.0))
    made = inner_folds("regression", np.arange(60.0), 0, 3, Dependence(None, times))
    assert made
    for train, test in made:
        assert not np.isnan(times[test]).any()
        assert np.isnan(times[train]).sum() == 12


@pytest.mark.parametrize("dependence", [None, Dependence(), Dependence(np.arange(40))])
def test_rows_that_depend_on_nothing_are_divided_as_ever(dependence):
    y = np.random.default_rng(0).integers(0, 2, 40)
    ours = inner_folds("binary", y, 3, 4, dependence)
    plain = StratifiedKFold(4, shuffle=True, random_state=3).split(np.zeros(40), y)
    assert all(np.array_equal(mine[1], other[1]) for mine, other in zip(ours, plain, strict=True))
    numbers = inner_folds("regression", np.arange(40.0), 3, 4, dependence)
    plain = KFold(4, shuffle=True, random_state=3).split(np.zeros(40))
    assert all(np.array_equal(mine[1], other[1]) for mine, other in zip(numbers, plain, strict=True))


def test_with_fewer_groups_than_folds_each_is_held_back_once():
    groups = np.repeat([0, 1], 15)
    made = inner_folds("regression", np.arange(30.0), 0, 3, Dependence(groups))
    assert [set(groups[test]) for _train, test in made] in ([{0}, {1}], [{1}, {0}])


def test_what_stops_a_training_is_whole_groups_of_about_the_share_asked_for():
    groups = np.repeat(np.arange(50), 8)
    y = np.random.default_rng(0).integers(0, 2, 400)
    train, held = held_back("binary", y, 0.12, 0, Dependence(groups))
    assert not set(groups[train]) & set(groups[held])
    assert 0.09 < len(held) / 400 < 0.16
    assert np.array_equal(np.sort(np.concatenate([train, held])), np.arange(400))


def test_two_large_groups_are_both_trained_on_and_none_is_held_back():
    train, held = held_back("regression", np.arange(100.0), 0.12, 0, Dependence(np.repeat([0, 1], 50)))
    assert len(train) == 100
    assert len(held) == 0


def test_rows_that_are_added_belong_to_no_group_and_no_time():
    bound = Dependence(np.array([4, 4, 7]), np.array([1.0, 2.0, 3.0])).with_independent(2)
    assert bound.groups.tolist() == [4, 4, 7, 8, 9]
    assert np.isnan(bound.times[3:]).all()
    assert bound.take(np.array([0, 4])).groups.tolist() == [4, 9]
