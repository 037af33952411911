"""Trees as the catalogue's settings make them."""

from __future__ import annotations

import numpy as np
import pytest

from core.models import trees

SHAPE = {"max_depth": 0, "min_samples_leaf": 2, "n_estimators": 7}
BOOSTED = {"learning_rate": 0.1, "max_iter": 5, "max_leaf_nodes": 8, "n_estimators": 5, "num_leaves": 8}
COMMON = {"seed": 3, "threads": 1}


@pytest.mark.parametrize("make", [trees.tree, trees.forest, trees.extra_trees])
def test_no_depth_is_no_limit(make):
    assert make(task="binary", settings=SHAPE, balanced=False, **COMMON).max_depth is None
    limited = make(task="binary", settings={**SHAPE, "max_depth": 4}, balanced=False, **COMMON)
    assert (limited.max_depth, limited.min_samples_leaf, limited.random_state) == (4, 2, 3)


@pytest.mark.parametrize("make", [trees.forest, trees.extra_trees])
def test_forests_for_numbers_look_at_a_third_of_the_columns(make):
    assert make(task="regression", settings=SHAPE, balanced=True, **COMMON).max_features == pytest.approx(1 / 3)


@pytest.mark.parametrize("make", [trees.tree, trees.forest, trees.extra_trees, trees.boosting, trees.lightgbm])
@pytest.mark.parametrize("balanced", [True, False])
def test_rare_classes_weigh_more_only_where_it_is_asked_for(make, balanced):
    model = make(task="multiclass", settings={**SHAPE, **BOOSTED}, balanced=balanced, **COMMON)
    assert model.class_weight == ("balanced" if balanced else None)


@pytest.mark.parametrize("make", [trees.boosting, trees.lightgbm])
def test_boosting_holds_no_rows_back_and_repeats(make):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(80, 3)), rng.normal(size=80)
    first, second = (make(task="regression", settings=BOOSTED, balanced=False, **COMMON).fit(X, y) for _time in "ab")
    assert np.array_equal(first.predict(X), second.predict(X))
    assert getattr(first, "n_iter_", 5) == 5  # every round was made
