"""Few rows stand for many: in the middle of their groups, weighted by them."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.background import chosen


def test_each_group_is_stood_for_by_its_middle_and_counts_by_its_size():
    said = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 9.0, 0.15])[:, None]
    places, weights = chosen(said, 3)
    assert places.tolist() in ([1, 3, 5], [1, 4, 5], [3, 5, 6], [4, 5, 6])
    assert sorted(weights.tolist()) == pytest.approx([1 / 7, 2 / 7, 4 / 7])


def test_the_weighted_mean_is_near_that_of_all_rows():
    said = np.random.default_rng(0).normal(size=(200, 2)) * 3
    places, weights = chosen(said)
    assert len(places) == 12
    assert weights.sum() == pytest.approx(1)
    assert np.abs(weights @ said[places] - said.mean(axis=0)).max() < 0.5
    assert [part.tolist() for part in chosen(said)] == [places.tolist(), weights.tolist()]


def test_few_rows_and_rows_alike_are_no_trouble():
    assert chosen(np.zeros((4, 1)))[1].tolist() == [0.25] * 4
    places, weights = chosen(np.zeros((30, 1)))
    assert weights.sum() == pytest.approx(1)
    assert len(set(places.tolist())) == len(places)
