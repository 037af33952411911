"""Decision trees of scikit-learn and LightGBM as lists of nodes whose questions name source columns.

Questions about a number are in its own units: the model's threshold is scaled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lightgbm import LGBMModel

from core.results.explanations.model_internals import Feature, Node, Tree

MOST_LEVELS = 8
MOST_NODES = 255
MOST_TREES = 6


@dataclass
class Split:
    """A node as its library keeps it."""

    n_rows: int
    feature: int | None = None  # None: a leaf
    threshold: float = 0.0
    values: list[float] = field(default_factory=list)
    number: float | None = None
    left: Any = None  # what `Look` takes
    right: Any = None


Look = Callable[[Any], Split]


def of_sklearn(fitted: Any, known: list[Feature], classes: list[str]) -> Tree:
    """A DecisionTreeClassifier or -Regressor, alone or out of a forest."""
    tree = fitted.tree_

    def look(place: int) -> Split:
        values = tree.value[place][0]
        return Split(
            n_rows=int(tree.n_node_samples[place]),
            feature=int(tree.feature[place]) if tree.children_left[place] >= 0 else None,
            threshold=float(tree.threshold[place]),
            values=(values / values.sum()).tolist() if classes else [],
            number=None if classes else float(values[0]),
            left=int(tree.children_left[place]),
            right=int(tree.children_right[place]),
        )

    return Tree(classes=classes, depth=tree.max_depth, n_leaves=tree.n_leaves, nodes=nodes(look, 0, known))


def of_histogram(predictor: Any, known: list[Feature], adds_to: str) -> Tree:
    """One tree of HistGradientBoosting."""
    table = predictor.nodes

    def look(place: int) -> Split:
        node = table[place]
        return Split(
            n_rows=int(node["count"]),
            feature=None if node["is_leaf"] else int(node["feature_idx"]),
            threshold=float(node["num_threshold"]),
            number=float(node["value"]),
            left=int(node["left"]),
            right=int(node["right"]),
        )

    return Tree(
        adds_to=adds_to,
        boosted=True,
        depth=int(table["depth"].max()),
        n_leaves=int(table["is_leaf"].sum()),
        nodes=nodes(look, 0, known),
    )


def of_lightgbm(structure: dict[str, Any], known: list[Feature], adds_to: str) -> Tree:
    """One tree of LightGBM, as its `dump_model` writes it."""

    def look(node: dict[str, Any]) -> Split:
        if "split_feature" not in node:
            return Split(n_rows=int(node.get("leaf_count", 0)), number=float(node["leaf_value"]))
        return Split(
            n_rows=int(node["internal_count"]),
            feature=int(node["split_feature"]),
            threshold=float(node["threshold"]),
            number=float(node["internal_value"]),
            left=node["left_child"],
            right=node["right_child"],
        )

    every = list(_walk(structure, 0))
    leaves = [level for node, level in every if "split_feature" not in node]
    return Tree(
        adds_to=adds_to, boosted=True, depth=max(leaves), n_leaves=len(leaves), nodes=nodes(look, structure, known)
    )


def nodes(look: Look, root: Any, known: list[Feature]) -> list[Node]:
    """The first levels, level by level, at most `MOST_NODES`; what goes on below is marked as cut."""
    found: list[Node] = []
    waiting: list[tuple[Any, int, bool, int]] = [(root, -1, False, 0)]
    while waiting:
        key, above, left, level = waiting.pop(0)
        split = look(key)
        cut = split.feature is not None and (level >= MOST_LEVELS or len(found) + len(waiting) + 3 > MOST_NODES)
        feature = None if split.feature is None or cut else known[split.feature]
        found.append(
            Node(
                above=above,
                left=left,
                level=level,
                feature=feature,
                threshold=0.0 if feature is None else in_units(feature, split.threshold),
                cut=cut,
                n_rows=split.n_rows,
                values=split.values,
                number=split.number,
            )
        )
        if feature is not None:
            place = len(found) - 1
            waiting += [(split.left, place, True, level + 1), (split.right, place, False, level + 1)]
    return found


def in_units(feature: Feature, threshold: float) -> float:
    """A threshold as the column's own numbers say it."""
    return threshold * feature.spread + feature.middle if feature.kind in {"number", "date", "formula"} else threshold


def first_trees(model: Any, known: list[Feature], classes: list[str], own: list[str]) -> tuple[list[Tree], int]:
    """The first trees of a forest, or of boosting one for each class's score, and how many there are in all.

    classes: all, in the order of the model's own; own: those whose scores are boosted, one for two classes
    """
    if hasattr(model, "tree_"):
        return [of_sklearn(model, known, classes)], 1
    if hasattr(model, "estimators_"):
        return [of_sklearn(tree, known, classes) for tree in model.estimators_[:MOST_TREES]], len(model.estimators_)
    if isinstance(model, LGBMModel):
        dumped = model.booster_.dump_model(num_iteration=1)["tree_info"]
        trees = [
            of_lightgbm(one["tree_structure"], known, label) for one, label in zip(dumped, own or [""], strict=False)
        ]
        return trees[:MOST_TREES], int(model.booster_.num_trees())
    first = model._predictors[0]
    trees = [of_histogram(one, known, label) for one, label in zip(first, own or [""], strict=False)]
    return trees[:MOST_TREES], len(model._predictors) * len(first)


def gains(model: Any, n_features: int) -> np.ndarray:
    """How much each feature's splits gain: of impurity, or of the loss that boosting lowers.  →  (n_features,)"""
    if isinstance(model, LGBMModel):
        return np.asarray(model.booster_.feature_importance("gain"), dtype=float)
    if hasattr(model, "feature_importances_"):
        return np.asarray(model.feature_importances_, dtype=float)
    found = np.zeros(n_features)
    for one in (one for step in model._predictors for one in step):
        inner = one.nodes[one.nodes["is_leaf"] == 0]
        np.add.at(found, inner["feature_idx"], np.maximum(inner["gain"], 0))
    return found


def _walk(node: dict[str, Any], level: int) -> Iterator[tuple[dict[str, Any], int]]:
    yield node, level
    if "split_feature" in node:
        yield from _walk(node["left_child"], level + 1)
        yield from _walk(node["right_child"], level + 1)
