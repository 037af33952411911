"""Shapley values of trees whose players are source columns, exact: no coalition is tried.

For one row x and one background row z, a leaf is reached by a coalition if every player that the path asks is shown
where only x goes this way (set A), and hidden where only z does (set B). Such a leaf adds its value times
(|A|−1)! |B|! / (|A|+|B|)! to each player of A and takes its value times |A|! (|B|−1)! / (|A|+|B|)! from each of B.
Where x and z part for the first time on a player's feature decides whether that player is in A or B.

References
----------
Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature Machine
Intelligence 2020 (interventional TreeSHAP, of single features).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from scipy.special import beta
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FORESTS = (RandomForestClassifier, RandomForestRegressor, ExtraTreesClassifier, ExtraTreesRegressor)
SINGLE = (DecisionTreeClassifier, DecisionTreeRegressor)
HISTOGRAM = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)
BITS = 64


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees, one after the other.

    `scale`: of which output their values sum up: "probability", "margin" of the second of two classes, or "number".
    """

    feature: np.ndarray  # (nodes,), −1 at a leaf
    threshold: np.ndarray  # left where feature ≤ threshold
    left: np.ndarray
    right: np.ndarray
    values: np.ndarray  # (nodes, outputs), of one tree's share in the sum
    roots: np.ndarray
    scale: str


def trees_of(model: Any) -> Trees | None:
    """A fitted model as trees whose values sum up, if it is one."""
    if isinstance(model, SINGLE):
        return _scikit([model], model)
    if isinstance(model, FORESTS):
        return _scikit(model.estimators_, model)
    if isinstance(model, HISTOGRAM):
        return _histogram(model)
    if isinstance(model, LGBMClassifier | LGBMRegressor):
        return _lightgbm(model)
    return None


def _scikit(single: list[Any], model: Any) -> Trees:
    parts = []
    for one in single:
        tree = one.tree_
        parts.append((tree.feature, tree.threshold, tree.children_left, tree.children_right, tree.value[:, 0, :]))
    scale = "probability" if hasattr(model, "classes_") else "number"
    return _joined(parts, scale, 1 / len(single))


def _histogram(model: Any) -> Trees | None:
    if any(len(trees) > 1 for trees in model._predictors):
        return None  # one tree per class: their softmax is no sum
    parts = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        if nodes["is_categorical"].any():
            return None
        leaf = nodes["is_leaf"].astype(bool)
        feature = np.where(leaf, -1, nodes["feature_idx"].astype(int))
        left, right = nodes["left"].astype(int), nodes["right"].astype(int)
        parts.append((feature, nodes["num_threshold"], left, right, nodes["value"][:, None]))
    return _joined(parts, "margin" if hasattr(model, "classes_") else "number", 1.0)


def _lightgbm(model: Any) -> Trees | None:
    booster = model.booster_
    if booster.num_model_per_iteration() > 1:
        return None
    parts = []
    for text in booster.model_to_string(importance_type="split").split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        leaves = np.array(lines["leaf_value"].split(), dtype=float)
        inner = len(leaves) - 1
        if any(int(kind) & 1 for kind in lines.get("decision_type", "").split()):
            return None  # categories
        feature, threshold, left, right = (
            np.array(lines.get(name, "").split()[:inner], dtype=kind)
            for name, kind in (("split_feature", int), ("threshold", float), ("left_child", int), ("right_child", int))
        )
        none = np.zeros(len(leaves), dtype=int)
        parts.append(
            (
                np.concatenate([feature, none - 1]),
                np.concatenate([threshold, none]),
                np.concatenate([np.where(left < 0, inner - 1 - left, left), none]),  # −1 − leaf, as they write it
                np.concatenate([np.where(right < 0, inner - 1 - right, right), none]),
                np.concatenate([np.zeros(inner), leaves])[:, None],
            )
        )
    return _joined(parts, "margin" if isinstance(model, LGBMClassifier) else "number", 1.0)


def _joined(parts: Sequence[tuple[Any, ...]], scale: str, share: float) -> Trees:
    ends = np.cumsum([0, *(len(part[0]) for part in parts)])
    feature, threshold, left, right, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    shift = np.repeat(ends[:-1], np.diff(ends))
    feature = np.where(feature < 0, -1, feature)
    return Trees(feature, threshold, left + shift, right + shift, values * share, ends[:-1], scale)


def shapley(
    trees: Trees, output: int, rows: np.ndarray, weights: np.ndarray, owners: np.ndarray, n_players: int
) -> np.ndarray:
    """Shapley values of the sum of all trees.

    Parameters
    ----------
    output : int
        Which column of their values.
    rows : array, shape (1 + k, d)
        The row that is explained, then the background; as the trees were given them.
    weights : array, shape (k,)
    owners : int array, shape (d,)
        The player that decides each feature.

    Returns
    -------
    array, shape (players,)
    """
    n_trees, k = len(trees.roots), len(rows) - 1
    node = np.repeat(trees.roots, k)
    behind = np.tile(np.arange(1, k + 1), n_trees)
    shown = np.zeros((len(node), -(-n_players // BITS)), dtype=np.uint64)  # A, as bits
    hidden = shown.copy()  # B
    found = np.zeros(n_players)
    while len(node):
        feature = trees.feature[node]
        done = feature < 0
        if done.any():
            worth = trees.values[node[done], output] * weights[behind[done] - 1]
            found += _leaves(worth, shown[done], hidden[done], n_players)
            node, behind, shown, hidden, feature = (one[~done] for one in (node, behind, shown, hidden, feature))
        limit = trees.threshold[node]
        ours, theirs = rows[0, feature] <= limit, rows[behind, feature] <= limit
        apart = ours != theirs
        player = owners[feature]
        word, bit = player // BITS, np.left_shift(np.uint64(1), (player % BITS).astype(np.uint64))
        at = np.arange(len(node))
        with_us = ~(apart & ((hidden[at, word] & bit) > 0))  # where x goes; not if the player is hidden already
        with_them = apart & ((shown[at, word] & bit) == 0)
        shown_next, hidden_next = shown.copy(), hidden.copy()
        shown_next[at[apart], word[apart]] |= bit[apart]
        hidden_next[at[apart], word[apart]] |= bit[apart]
        our_node = np.where(ours, trees.left[node], trees.right[node])
        their_node = np.where(theirs, trees.left[node], trees.right[node])
        node = np.concatenate([our_node[with_us], their_node[with_them]])
        behind = np.concatenate([behind[with_us], behind[with_them]])
        shown = np.concatenate([shown_next[with_us], shown[with_them]])
        hidden = np.concatenate([hidden[with_us], hidden_next[with_them]])
    return found


def _leaves(worth: np.ndarray, shown: np.ndarray, hidden: np.ndarray, n_players: int) -> np.ndarray:
    """What reached leaves give and take, by player."""
    a, b = (np.bitwise_count(bits).sum(axis=1).astype(float) for bits in (shown, hidden))
    given = np.where(a > 0, worth * beta(np.maximum(a, 1), b + 1), 0.0)  # beta(a, b + 1) = (a−1)! b! / (a+b)!
    taken = np.where(b > 0, worth * beta(a + 1, np.maximum(b, 1)), 0.0)
    found = np.empty(n_players)
    for player in range(n_players):
        bit = np.left_shift(np.uint64(1), np.uint64(player % BITS))
        word = player // BITS
        found[player] = given[(shown[:, word] & bit) > 0].sum() - taken[(hidden[:, word] & bit) > 0].sum()
    return found
