"""Inner folds: even by class where that can be, and no group on both sides."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.splits.inner import Dependence, inner_folds
from core.fuse.ensemble import aligned, loss


@pytest.mark.parametrize(("rare", "even"), [(3, True), (2, False)])
def test_classes_are_even_where_each_has_a_row_for_every_fold(rare, even):
    y = np.array([0] * 27 + [1] * rare)
    found = inner_folds("binary", y, 0)
    assert sorted(np.concatenate([test for _train, test in found])) == list(range(len(y)))
    shares = sorted(int(y[test].sum()) for _train, test in found)
    assert (shares == [1, 1, 1]) is even
    assert len(inner_folds("binary", y, 0, 2)) == 2


def test_numbers_are_split_whatever_they_are():
    y = np.array([-1.5, 2.0, 7.0, 7.0, 9.0, 3.0])
    assert [len(test) for _train, test in inner_folds("regression", y, 0)] == [2, 2, 2]


@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize("n_groups", [3, 10, 29])
def test_a_group_is_on_one_side(task, n_groups):
    groups = np.arange(30) % n_groups
    y = np.arange(30) // 3 % 2 if task == "binary" else np.arange(30) / 7
    for train, test in inner_folds(task, y, 0, 3, Dependence(groups)):
        assert not set(groups[train]) & set(groups[test])


def test_groups_of_one_row_each_are_left_aside():
    y = np.arange(30) % 2
    bound = Dependence(np.arange(30))
    for one, other in zip(inner_folds("binary", y, 4, 3, bound), inner_folds("binary", y, 4), strict=True):
        assert [part.tolist() for part in one] == [part.tolist() for part in other]


def test_fewer_groups_than_folds_make_a_fold_each():
    groups = np.arange(30) % 2
    found = inner_folds("binary", np.arange(30) // 2 % 2, 4, 3, Dependence(groups))
    assert sorted(set(groups[test]).pop() for _train, test in found) == [0, 1]
    assert all(len(set(groups[test])) == 1 for _train, test in found)


def test_another_seed_makes_other_inner_folds():
    y = np.arange(60) % 2
    first, again, other = ([test.tolist() for _train, test in inner_folds("binary", y, seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_what_a_member_did_not_know_has_no_probability():
    class Member:
        classes_ = np.array(["c", "a"])

    found = aligned(np.array([[0.7, 0.3]]), Member(), ["a", "b", "c"])
    assert found.tolist() == [[0.3, 0, 0.7]]
    assert aligned(None, Member(), ["a"]) is None


def test_the_loss_of_a_mixture_by_hand():
    assert loss(np.array([1.0, 4.0]), np.array([2.0, 2.0])) == 2.5
    assert loss(np.array([[0.8, 0.2], [0.5, 0.5]]), np.array([0, 1])) == pytest.approx((0.08 + 0.5) / 2)
