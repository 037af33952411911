"""Curves of taking columns away, by hand: a faithful order beats chance."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.quality.perturbation_curve import RowWalk, over_rows, perturbation_curve, together
from tests.explain.quality.test_jobs import walked


def test_a_faithful_order_beats_chance_and_the_reverse_loses():
    parts = np.random.default_rng(1).normal(0, 0.1, (20, 4))
    faithful = together("words", [walked(one, one) for one in parts], first=1, distance=False, seed=0)
    reverse = together("words", [walked(-one, one) for one in parts], first=1, distance=False, seed=0)
    assert faithful.removal.low > 0
    assert faithful.insertion.low > 0
    assert reverse.removal.high < 0


def test_a_mean_over_rows_has_the_interval_of_its_standard_error():
    values = np.random.default_rng(3).normal(0, 1, 400)
    found = over_rows(values, 0)
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)
    alone = over_rows(np.array([0.3]), 0)
    assert (alone.mean, alone.low, alone.high) == (0.3, 0.3, 0.3)
    assert over_rows(values, 0) == found != over_rows(values, 1)


WEIGHTS = np.array([0.1, 0.5, -0.2, 0.3, 0.05])


def curve(values, *, steps=2, draws=0, first=1, distance=False, weights=WEIGHTS):
    asked = []

    def worth(kept):
        asked.append(kept)
        return 0.4 + kept @ weights

    found = perturbation_curve(
        worth, np.asarray(values), np.random.default_rng(5), steps=steps, draws=draws, first=first, distance=distance
    )
    (sets,) = asked  # all are asked about at once, and none twice
    assert len(np.unique(sets, axis=0)) == len(sets)
    return found


def test_half_of_five_parts_are_three():
    found = curve([0.1, 0.5, -0.2, 0.3, 0.05], draws=1, first=2)
    assert found.removed == pytest.approx([1.15, 1.15 - 0.9, 0.4])  # without .5, .3 and .1
    assert found.added == pytest.approx([0.4, 0.4 + 0.9, 1.15])
    assert found.lost == pytest.approx(0.8)


def test_of_a_number_the_largest_parts_go_first_and_distances_are_told():
    found = curve([0.1, 0.5, -0.2, 0.3, 0.05], steps=5, draws=1, first=3, distance=True)
    assert found.removed == pytest.approx([0, 0.5, 0.8, 0.6, 0.7, 0.75])
    assert found.added == pytest.approx([0.75, 0.25, 0.05, 0.15, 0.05, 0])
    assert found.lost == pytest.approx(0.6)


def test_of_like_parts_the_first_goes_first():
    assert curve([1, 2, 2, 2, 1], steps=5, draws=1).removed == pytest.approx([1.15, 0.65, 0.85, 0.55, 0.45, 0.4])


def test_random_orders_are_taken_away_forwards_and_put_back_backwards():
    random, draws = np.random.default_rng(5), 3
    orders = [random.permutation(5) for _draw in range(draws)]
    found = curve(WEIGHTS, steps=5, draws=draws, first=2)
    gone = np.mean([[WEIGHTS[order[:n]].sum() for n in range(6)] for order in orders], axis=0)
    back = np.mean([[WEIGHTS[order[5 - n :]].sum() for n in range(6)] for order in orders], axis=0)
    assert found.removed_random == pytest.approx(1.15 - gone)
    assert found.added_random == pytest.approx(0.4 + back)
    assert found.lost_random == pytest.approx(gone[2])


def test_where_all_parts_are_first_nothing_is_told_apart():
    three = curve([3, 2, 1], steps=3, draws=1, first=3, weights=WEIGHTS[:3])
    assert np.isnan([three.lost, three.lost_random]).all()
    assert not np.isnan(curve([4, 3, 2, 1], steps=4, draws=1, first=3, weights=WEIGHTS[:4]).lost)


def row_walk(removed, added, lost):
    flat = np.full(3, 0.5)
    return RowWalk(np.asarray(removed), flat, np.asarray(added), flat + 0.1, lost, lost / 2)


def test_rows_together_are_their_mean_curves_and_the_areas_between_them():
    walks = [row_walk([0.9, 0.4, 0.3], [0.3, 0.8, 0.9], 0.5), row_walk([0.7, 0.2, 0.1], [0.1, 0.6, 0.7], np.nan)]
    found = together("words", walks, first=3, distance=False, seed=0)
    assert (found.what, found.n_rows, found.first, found.share) == ("words", 2, 3, [0, 0.5, 1])
    assert found.removed == pytest.approx([0.8, 0.3, 0.2])
    assert found.added_random == pytest.approx([0.6] * 3)
    # areas under the curves by trapezoids: .5 and .3 removed, .7 and .5 added; .5 and .6 in random orders
    assert found.removal.mean == pytest.approx(np.mean([0.5 - 0.5, 0.5 - 0.3]))
    assert found.insertion.mean == pytest.approx(np.mean([0.7 - 0.6, 0.5 - 0.6]))
    assert (found.removal.low, found.removal.high) == pytest.approx((0, 0.2))
    assert (found.lost.mean, found.lost_random.mean) == (0.5, 0.25)  # of the one row that tells it
    far = together("words", walks, first=3, distance=True, seed=0)
    assert (far.removal.mean, far.insertion.mean) == pytest.approx((-found.removal.mean, -found.insertion.mean))
    none = together("columns", walks[1:], first=1, distance=False, seed=0)
    assert (none.lost, none.lost_random) == (None, None)
