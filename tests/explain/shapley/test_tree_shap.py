"""Shapley values of trees by their leaves are those of every set of players, whatever library grew the trees."""

from __future__ import annotations

import numpy as np
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import Ridge
from sklearn.tree import DecisionTreeClassifier

from core.explain.shapley.interactions import coalitions, value_weights
from core.explain.shapley.tree_shap import Trees, shapley, trees_of

OWNERS = np.array([0, 1, 1, 2, 3])  # the second player owns two features
WEIGHTS = np.array([0.5, 0.2, 0.3])


def table(n_classes: int, n: int = 150):
    random = np.random.default_rng(n_classes)
    X = np.round(random.normal(size=(n, 5)), 1).astype(np.float32)  # the same number in several rows
    score = X[:, 0] * X[:, 1] + X[:, 2] + np.abs(X[:, 3]) * X[:, 4]
    return X, np.digitize(score, np.quantile(score, np.arange(1, n_classes) / n_classes)) if n_classes else score


def by_every_set(says, rows, owners=OWNERS, weights=WEIGHTS):
    """The definition: a set of players takes its features from the first row, the others from a background row."""
    n_players = owners.max() + 1
    worth = []
    for shown in coalitions(n_players):
        mixed = np.where(shown[owners], rows[0], rows[1:])
        worth.append(weights @ says(mixed))
    return value_weights(n_players) @ np.asarray(worth)


MODELS = {
    "tree": (DecisionTreeClassifier(max_depth=5, random_state=0), 3, "probability"),
    "extra trees": (ExtraTreesClassifier(7, max_depth=5, random_state=0), 2, "probability"),
    "forest": (RandomForestRegressor(7, max_depth=5, random_state=0), 0, "number"),
    "histogram": (HistGradientBoostingClassifier(max_iter=9, random_state=0), 2, "margin"),
    "histogram of numbers": (HistGradientBoostingRegressor(max_iter=9, random_state=0), 0, "number"),
    "lightgbm": (LGBMClassifier(n_estimators=9, verbose=-1), 2, "margin"),
    "lightgbm of numbers": (LGBMRegressor(n_estimators=9, verbose=-1), 0, "number"),
}


@pytest.mark.parametrize("name", MODELS)
def test_values_are_those_of_every_set(name):
    model, n_classes, scale = MODELS[name]
    X, y = table(n_classes)
    model.fit(X, y)
    found = trees_of(model)
    assert found.scale == scale
    for output in range(n_classes if scale == "probability" else 1):
        says = {
            "probability": lambda rows, output=output: model.predict_proba(rows)[:, output],
            "margin": lambda rows: np.log(model.predict_proba(rows)[:, 1] / model.predict_proba(rows)[:, 0]),
            "number": model.predict,
        }[scale]
        for first in (0, 20):
            rows = X[first : first + 4]
            values = shapley(found, output, rows, WEIGHTS, OWNERS, 4)
            assert values == pytest.approx(by_every_set(says, rows), abs=1e-6)


def test_two_questions_of_one_player_by_hand():
    # x ≤ 0.5 and then, of the same player, y ≤ 0.5; then z ≤ 0.5 of another: worth 1 where all are no
    trees = Trees(
        feature=np.array([0, -1, 1, -1, 2, -1, -1]), threshold=np.full(7, 0.5),
        left=np.array([1, 0, 3, 0, 5, 0, 0]), right=np.array([2, 0, 4, 0, 6, 0, 0]),
        values=np.array([[0.0], [0], [0], [0], [0], [0], [1]]), roots=np.array([0]), scale="number",
    )  # fmt: skip
    rows = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
    owners, weights = np.array([0, 0, 1]), np.array([0.5, 0.5])
    # beside the first row both players are needed: a half each; beside the second the first alone
    assert shapley(trees, 0, rows, weights, owners, 2) == pytest.approx([0.5 * 0.5 + 0.5, 0.5 * 0.5])


def test_more_than_64_players_are_told_apart():
    random = np.random.default_rng(0)
    X = random.normal(size=(200, 130)).astype(np.float32)
    y = X[:, 3] + X[:, 64] * (X[:, 67] > 0) + X[:, 129]
    model = RandomForestRegressor(3, max_depth=3, max_features=1.0, random_state=0).fit(X, y)
    used = np.unique(np.concatenate([one.tree_.feature[one.tree_.feature >= 0] for one in model.estimators_]))
    assert used.max() >= 128
    values = shapley(trees_of(model), 0, X[:4], WEIGHTS, np.arange(130), 130)

    def says(rows):  # of the features that any tree asks about
        whole = np.tile(X[0], (len(rows), 1))
        whole[:, used] = rows
        return model.predict(whole)

    assert len(used) <= 14
    assert values[used] == pytest.approx(by_every_set(says, X[:4, used], np.arange(len(used))), abs=1e-6)
    assert np.abs(np.delete(values, used)).max() == 0


def test_what_is_no_sum_of_trees_has_no_values():
    X, y = table(3)
    assert trees_of(HistGradientBoostingClassifier(max_iter=2).fit(X, y)) is None  # a softmax of three sums
    assert trees_of(LGBMClassifier(n_estimators=2, verbose=-1).fit(X, y)) is None
    assert trees_of(Ridge().fit(X, y)) is None
    codes = np.random.default_rng(0).integers(0, 4, (150, 1))
    number = np.array([0.0, 5, 1, 7])[codes[:, 0]]
    assert trees_of(HistGradientBoostingRegressor(categorical_features=[0], max_iter=2).fit(codes, number)) is None
    light = LGBMRegressor(n_estimators=2, min_data_per_group=1, verbose=-1)
    assert trees_of(light.fit(codes, number, categorical_feature=[0])) is None


def test_a_tree_that_asks_nothing_gives_nobody_anything():
    X, _y = table(0)
    flat = trees_of(LGBMRegressor(n_estimators=2, verbose=-1).fit(X, np.full(len(X), 3.0)))
    assert shapley(flat, 0, X[:4], WEIGHTS, OWNERS, 4).tolist() == [0, 0, 0, 0]
