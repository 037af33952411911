"""Soft labels as weighted rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.splits.inner import Dependence
from core.fuse.assisted.enlarged import Lesson, Material, _bound, _classes, _numbers, can_weigh, in_shares
from core.models.factory import build as build_model

# Soft labels


def test_a_soft_label_is_several_weighted_rows():
    lesson = Lesson(pd.DataFrame(index=[0]), np.array([[0.75, 0.25]]), own=np.array([[0.5, 0.5], [0.0, 1.0]]))
    places, codes, weights = _classes(np.array([0, 1]), lesson, 0.5, 2)
    assert list(zip(places, codes, weights, strict=True)) == [
        (0, 0, 0.75),  # half its label, half the advice
        (0, 1, 0.25),
        (1, 1, 1.0),
        (2, 0, 0.375),  # an added row counts half
        (2, 1, 0.125),
    ]
    y, weights = _numbers(np.array([2.0]), Lesson(pd.DataFrame(index=[0]), np.array([7.0]), np.array([4.0])), 0.25)
    assert (y.tolist(), weights.tolist()) == ([2.5, 7.0], [1.0, 0.25])


@pytest.mark.parametrize(
    ("model", "able"), [("linear", True), ("lightgbm", True), ("knn", False), ("svm-linear", False)]
)
def test_some_models_can_not_weigh_rows(model, able):
    assert can_weigh(build_model(model, "binary")) == able


def test_soft_labels_take_the_shares_of_labelled_rows():
    """By hand: means .7 and .3 become the shares 2/4 and 2/4 (one label each, and one more), by 5/7 and 5/3."""
    targets, weights = in_shares(np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([0, 1]))
    assert weights == pytest.approx([0.9 * 5 / 7 + 0.1 * 5 / 3, 0.5 * 5 / 7 + 0.5 * 5 / 3])
    assert weights.mean() == pytest.approx(1)
    assert targets[0] == pytest.approx([27 / 34, 7 / 34])
    assert (targets * weights[:, None]).mean(axis=0) == pytest.approx([0.5, 0.5])


def test_an_added_row_is_a_group_of_its_own_and_labelled_ones_stay_together():
    """Else a split inside the model's fit (calibration, early stopping) would have a row on both sides."""
    material = Material(None, np.array([0, 1, 1]), dependence=Dependence(np.array([4, 4, 2]), np.arange(3.0)))
    bound = _bound(material, 2)
    assert bound.groups.tolist() == [4, 4, 2, 5, 6]
    assert bound.times[:3].tolist() == [0, 1, 2]
    assert np.isnan(bound.times[3:]).all()
    assert _bound(Material(None, np.array([0, 1])), 1).groups.tolist() == [0, 1, 2]
