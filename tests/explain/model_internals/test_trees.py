"""Trees as lists of nodes: libraries' own numbers, and large trees cut where they are told to be."""

from __future__ import annotations

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.explain.model_internals.trees import Split, first_trees, gains, in_units, nodes, of_sklearn
from core.results.explanations.model_internals import Feature

KNOWN = [
    Feature(column="hours", kind="number", middle=5.0, spread=2.0),
    Feature(column="day", kind="date", middle=20_000.0, spread=10.0),
    Feature(column="city", kind="category", detail="Rome", spread=0.5, middle=9.0),
]


def table(n_classes: int = 2):
    random = np.random.default_rng(n_classes)
    X = random.normal(size=(120, 3))
    score = X[:, 0] + np.abs(X[:, 1]) + 0.3 * random.normal(size=120)
    return X, np.digitize(score, np.quantile(score, np.arange(1, n_classes) / n_classes)) if n_classes else score


def test_a_question_is_asked_in_the_columns_own_units():
    assert [in_units(feature, 1.5) for feature in KNOWN] == [8.0, 20_015.0, 1.5]


def test_a_tree_without_end_is_cut_at_255_nodes():
    found = nodes(lambda key: Split(n_rows=1, feature=2, threshold=0.5, left=2 * key, right=2 * key + 1), 1, KNOWN)
    assert len(found) == 255
    assert [sum(node.level == level for node in found) for level in range(9)] == [1, 2, 4, 8, 16, 32, 64, 128, 0]
    assert all(node.cut == (node.level == 7) == (node.feature is None) for node in found)
    assert {node.threshold for node in found if node.cut} == {0.0}


def test_a_branch_without_end_is_cut_at_the_eighth_level():
    def look(key):
        return Split(n_rows=9 - key, feature=0, threshold=1.0, left=99, right=key + 1) if key < 99 else Split(n_rows=1)

    found = nodes(look, 0, KNOWN)
    assert len(found) == 17
    assert [node.level for node in found if node.cut] == [8]
    assert [(node.above, node.left, node.level) for node in found[:5]] == [
        (-1, False, 0), (0, True, 1), (0, False, 1), (2, True, 2), (2, False, 2),
    ]  # fmt: skip
    assert [node.n_rows for node in found if not node.left] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert found[0].threshold == 7.0


def test_a_tree_of_scikit_learn_says_what_it_predicts():
    X, y = table(3)
    fitted = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, y)
    told = of_sklearn(fitted, KNOWN, ["a", "b", "c"])
    assert (told.depth, told.n_leaves, len(told.nodes)) == (3, fitted.get_n_leaves(), fitted.tree_.node_count)
    leaves = [node for node in told.nodes if node.feature is None]
    told_leaves = np.asarray(sorted(node.values for node in leaves))
    assert told_leaves == pytest.approx(np.unique(fitted.predict_proba(X), axis=0))
    assert told.nodes[0].values == pytest.approx(np.bincount(y) / len(y))
    assert {node.number for node in told.nodes} == {None}
    assert sum(node.n_rows for node in leaves) == 120
    X, y = table(0)
    number = DecisionTreeRegressor(max_depth=2, random_state=0).fit(X, y)
    leaves = [node for node in of_sklearn(number, KNOWN, []).nodes if node.feature is None]
    assert sorted(node.number for node in leaves) == pytest.approx(sorted(set(number.predict(X))))
    assert {tuple(node.values) for node in leaves} == {()}


@pytest.mark.parametrize("kind", ["histogram", "lightgbm"])
def test_the_first_boosted_trees_are_one_for_each_class_and_add_up_to_the_first_scores(kind):
    X, y = table(3)
    if kind == "histogram":
        fitted = HistGradientBoostingClassifier(max_iter=4, max_leaf_nodes=4, random_state=0).fit(X, y)
        depths = [int(one.nodes["depth"].max()) for one in fitted._predictors[0]]
    else:
        fitted = LGBMClassifier(n_estimators=4, num_leaves=4, verbose=-1).fit(X, y)
        frame = fitted.booster_.trees_to_dataframe()
        depths = [int(frame[frame.tree_index == tree].node_depth.max()) - 1 for tree in range(3)]
    told, n_trees = first_trees(fitted, KNOWN, ["a", "b", "c"], ["a", "b", "c"])
    assert n_trees == 12
    assert [tree.adds_to for tree in told] == ["a", "b", "c"]
    assert [tree.depth for tree in told] == depths
    for tree in told:
        leaves = [node for node in tree.nodes if node.feature is None]
        assert (len(leaves), tree.n_leaves, tree.boosted) == (4, 4, True)
        assert sum(node.n_rows for node in leaves) == 120


def test_leaves_of_a_histogram_tree_are_what_it_adds():
    X, y = table(0)
    fitted = HistGradientBoostingRegressor(max_iter=1, max_leaf_nodes=4, learning_rate=1.0, random_state=0).fit(X, y)
    (tree,), n_trees = first_trees(fitted, KNOWN, [], [])
    added = {round(value, 9) for value in fitted.predict(X) - y.mean()}
    assert {round(node.number, 9) for node in tree.nodes if node.feature is None} == added
    assert (tree.adds_to, n_trees) == ("", 1)


def test_six_trees_of_a_forest_are_shown():
    X, y = table(0)
    forest = RandomForestRegressor(8, max_depth=2, random_state=0).fit(X, y)
    told, n_trees = first_trees(forest, KNOWN, [], [])
    assert (len(told), n_trees) == (6, 8)
    assert [tree.nodes[0].number for tree in told] == [one.tree_.value[0, 0, 0] for one in forest.estimators_[:6]]
    alone, n_trees = first_trees(forest.estimators_[0], KNOWN, [], [])
    assert (len(alone), n_trees) == (1, 1)


def test_gains_are_the_libraries_own():
    X, y = table(3)
    forest = RandomForestRegressor(3, random_state=0).fit(X, y)
    assert gains(forest, 3).tolist() == forest.feature_importances_.tolist()
    light = LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1).fit(X, y)
    frame = light.booster_.trees_to_dataframe().groupby("split_feature").split_gain.sum()
    assert gains(light, 3) == pytest.approx([frame.get(f"Column_{place}", 0.0) for place in range(3)], rel=1e-4)
    histogram = HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=4, random_state=0).fit(X, y)
    expected = np.zeros(3)
    for step in histogram._predictors:
        for one in step:
            for node in one.nodes:
                if not node["is_leaf"]:
                    expected[node["feature_idx"]] += max(node["gain"], 0)
    assert gains(histogram, 3) == pytest.approx(expected)
