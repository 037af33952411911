"""Folds keep what they promise for any table."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from core.data.splits.folds import folds, joined_groups
from core.messages import UnusableData
from core.plan import Validation

SEEDS = st.integers(0, 1000)


@given(st.integers(40, 120), st.integers(2, 5), SEEDS)
@settings(max_examples=40, deadline=None)
def test_each_row_is_held_back_once_and_classes_are_even(n, k, seed):
    y = pd.Series(np.where(np.arange(n) % 4 == 0, "rare", "usual"))
    made = folds(y, Validation(folds=k), seed=seed)
    assert sorted(np.concatenate([test for _train, test in made])) == list(range(n))
    shares = [(y.iloc[test] == "rare").sum() for _train, test in made]
    assert max(shares) - min(shares) <= 1
    for train, test in made:
        assert not set(train) & set(test)


@given(st.lists(st.integers(0, 15), min_size=60, max_size=120), st.sampled_from(["kfold", "holdout"]), SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_group_is_never_on_both_sides(groups, kind, seed):
    groups = np.array([*groups, *range(16)])
    y = np.random.default_rng(seed).normal(size=len(groups))
    for train, test in folds(y, Validation(kind=kind, folds=4), groups=groups, seed=seed):
        assert not set(groups[train]) & set(groups[test])
        assert len(train) + len(test) == len(groups)


@given(st.lists(st.integers(0, 30), min_size=60, max_size=120), st.booleans(), st.sampled_from(["kfold", "holdout"]))
@settings(max_examples=40, deadline=None)
def test_later_rows_are_predicted_from_earlier_ones(days, grouped, kind):
    times = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta([*days, *range(31)], "D"))
    groups = np.arange(len(times)) % 7 + 10 * (times.dt.day.to_numpy() % 5) if grouped else None
    y = np.arange(len(times)) / 7
    for train, test in folds(y, Validation(kind=kind, folds=3), groups=groups, times=times):
        assert times.iloc[train].max() < times.iloc[test].min()
        if groups is not None:
            assert not set(groups[train]) & set(groups[test])


def test_the_same_seed_makes_the_same_folds_and_another_does_not():
    y = pd.Series(["a", "b"] * 50)
    first, again, other = (folds(y, Validation(folds=3), seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a[1], b[1]) for a, b in zip(first, other, strict=True))


def test_a_holdout_has_the_share_asked_for():
    made = folds(pd.Series(["a", "b"] * 100), Validation(kind="holdout", fraction=0.3))
    assert len(made) == 1
    assert len(made[0][1]) == 60


def test_repeats_come_one_after_the_other():
    assert len(folds(np.arange(30) / 3, Validation(folds=3, repeats=2))) == 6


def test_groups_join_through_others():
    joined = joined_groups(np.array(["a", "a", "b", "c", "d"]), np.array([1, 2, 2, 3, 4]))
    assert joined[0] == joined[1] == joined[2]
    assert len(set(joined)) == 3


@pytest.mark.parametrize(
    ("y", "settings", "more", "said"),
    [
        (["a"] * 20 + ["b"] * 2, {"folds": 5}, {}, "only 2 rows"),
        (["a", "b"], {"folds": 2}, {}, "2 rows; 2 folds"),
        (["a", "b"] * 10, {"folds": 5}, {"groups": np.arange(20) % 3}, "only 3 groups"),
        (["a", "b"] * 10, {"folds": 2}, {"times": pd.Series([pd.NaT] * 20)}, "can't be cut"),
        (["a"] * 10 + ["b"] * 10, {"folds": 2}, {"times": np.arange(20)}, "single class"),
    ],
)
def test_folds_that_cannot_be_made_say_why(y, settings, more, said):
    with pytest.raises(UnusableData, match=said):
        folds(pd.Series(y), Validation(**settings), **more)


def test_no_rule_about_classes_holds_for_a_number():
    ratings = pd.Series([1, 2] + [3, 4, 5, 6] * 12)
    made = folds(ratings, Validation(folds=5), task="regression")
    assert sorted(np.concatenate([test for _train, test in made])) == list(range(50))
    same = folds(pd.Series([3] * 20 + [4] * 20), Validation(folds=2), times=np.arange(40), task="regression")
    assert len(same) == 2  # the first of them is trained on a single number
    with pytest.raises(UnusableData, match="only 1 row;") as caught:
        folds(ratings, Validation(folds=5), task="multiclass")
    assert "Predict it as a number (regression)" in str(caught.value.hint)
    with pytest.raises(UnusableData) as caught:
        folds(pd.Series(["a", *["b", "c"] * 10]), Validation(folds=5))
    assert "as a number" not in str(caught.value.hint)


@given(st.lists(st.sampled_from("aabbbbcc"), min_size=12, max_size=80), SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_search_takes_a_class_of_few_rows_as_it_is(labels, seed):
    """Five folds would ask for five rows of each class."""
    y = pd.Series(["rare", "rare", *["a"] * 6, *["b"] * 6, *["c"] * 6, *labels])
    made = folds(y, Validation(kind="search"), seed=seed)
    assert len(made) == 5
    assert sorted(np.concatenate([test for _train, test in made])) == list(range(len(y)))
    with pytest.raises(UnusableData):
        folds(pd.Series([*y, "single"]), Validation(kind="search"), seed=seed)


def test_a_search_takes_as_many_folds_as_groups_and_rows_allow():
    y, groups = np.arange(60.0), np.arange(60) % 3
    made = folds(y, Validation(kind="search"), groups=groups)
    assert len(made) == 3
    assert all(not set(groups[train]) & set(groups[test]) for train, test in made)
    assert len(folds(np.arange(6.0), Validation(kind="search"))) == 3


@pytest.mark.parametrize("seed", range(12))
def test_a_search_takes_two_rows_of_a_class_among_many_others(seed):
    """Plain folds would hold both back at once for every fifth seed, and train on one class."""
    y = pd.Series(["yes", "yes", *["no"] * 22])
    made = folds(y, Validation(kind="search"), seed=seed)
    assert len(made) == 5
    assert all(y.iloc[train].nunique() == 2 for train, _test in made)


def test_by_time_a_search_leaves_out_what_nothing_can_be_learned_from():
    """The first sixth has a single class; folds that were asked for say so."""
    y, times = pd.Series([*["no"] * 15, *["yes", "no"] * 20]), np.arange(55)
    made = folds(y, Validation(kind="search"), times=times)
    assert len(made) == 4
    assert min(test.min() for _train, test in made) == 18
    with pytest.raises(UnusableData, match="single class"):
        folds(y, Validation(folds=5), times=times)
    with pytest.raises(UnusableData, match="single class"):
        folds(pd.Series([*["no"] * 50, *["yes"] * 5]), Validation(kind="search"), times=times)
