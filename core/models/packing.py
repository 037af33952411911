"""Fitted trees, thresholds and vocabularies as a few flat arrays, so that a bundle is written and read in linear time.

skops keeps every array and every number of NumPy's as a file of its own in its archive, and lists the whole archive
before it writes one: a forest of 1,000 trees is 3,000 files, a vocabulary of 50,000 words another 50,000. Within
`packed` they are a handful; `unpack` makes of these what they were, bit by bit, so that whoever looks into a model's
trees finds them as scikit-learn left them. What an older bundle holds unpacked stays as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.ensemble._forest import ForestClassifier, ForestRegressor
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.tree import BaseDecisionTree
from sklearn.tree._tree import NODE_DTYPE, Tree

Arrays = dict[str, Any]  # flat arrays by name, and what all trees of a forest share
OWN = {"core", "sklearn"}  # packages whose objects are looked into
CHILDREN = {"left_child", "right_child", "left", "right"}
SMALL_INTEGERS = (np.int8, np.int16, np.int32)
BITSETS = ("binned_left_cat_bitsets", "raw_left_cat_bitsets")


@contextmanager
def packed(fitted: Any) -> Iterator[None]:
    """Within this block a fitted object holds flat arrays in the place of many small ones, and can't predict."""
    taken: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for one in _parts(fitted):
            for kind, name, pack, _unpack in KINDS:
                if isinstance(one, kind) and name in vars(one) and (flat := pack(one)) is not None:
                    taken.append((vars(one), name, vars(one)[name]))
                    vars(one)[name] = flat
        yield
    finally:
        for state, name, value in reversed(taken):
            state[name] = value


def unpack(fitted: Any) -> None:
    """Make of flat arrays what they were, in place.

    Raises
    ------
    ValueError, KeyError, TypeError, IndexError
        They are not what `packed` makes, or a tree points outside itself: such trees crash whoever asks them.
    """
    for one in _parts(fitted):
        for kind, name, _pack, restore in KINDS:
            if isinstance(one, kind) and name in vars(one):
                restore(one)
        _check_trees(one)


def _parts(root: Any) -> Iterator[Any]:
    """Every object of ours or scikit-learn's in a fitted one, from the outside in, each once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif hasattr(one, "__dict__") and not isinstance(one, type) and type(one).__module__.split(".")[0] in OWN:
            yield one
            waiting.extend(vars(one).values())


# Forests


def _pack_forest(forest: Any) -> Arrays | None:
    """All trees in a row, and one of them without its nodes for what they share; None if they share too little."""
    trees = forest.estimators_
    if not isinstance(trees, list) or not trees or not all(_alike(trees[0], tree) for tree in trees):
        return None
    template = copy.copy(trees[0])
    del template.tree_
    states = [tree.tree_.__getstate__() for tree in trees]
    return {
        "template": template,
        "seeds": np.array([tree.random_state for tree in trees], dtype=np.int64),
        "classes": np.asarray(trees[0].tree_.n_classes),
        "depths": np.array([state["max_depth"] for state in states]),
        "values": _smaller(np.concatenate([state["values"] for state in states])),
        **_flat_nodes([state["nodes"] for state in states]),
    }


def _unpack_forest(forest: Any) -> None:
    flat = forest.estimators_
    if not isinstance(flat, dict):
        return
    values = np.asarray(flat["values"], dtype=np.float64)
    shape = (int(flat["template"].n_features_in_), np.asarray(flat["classes"], dtype=np.intp), forest.n_outputs_)
    trees, start = [], 0
    for nodes, depth, seed in zip(_nodes(flat, NODE_DTYPE), flat["depths"], flat["seeds"], strict=True):
        own = Tree(*shape)
        end = start + len(nodes)
        state = {"max_depth": int(depth), "node_count": len(nodes), "nodes": nodes}
        own.__setstate__({**state, "values": np.ascontiguousarray(values[start:end])})
        tree = copy.copy(flat["template"])
        tree.tree_, tree.random_state = own, int(seed)
        trees.append(tree)
        start = end
    forest.estimators_ = trees


def _alike(one: Any, other: Any) -> bool:
    """Whether two fitted trees differ in their nodes and their seed only."""
    ours, theirs = vars(one), vars(other)
    return ours.keys() == theirs.keys() and all(
        name in {"tree_", "random_state"} or value is theirs[name] or _same(value, theirs[name])
        for name, value in ours.items()
    )


def _same(one: Any, other: Any) -> bool:
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else bool(one == other)


# Boosting


def _pack_rounds(boosting: Any) -> Arrays | None:
    rounds = boosting._predictors
    trees = [tree for one in rounds for tree in one]
    if not trees:
        return None
    flat = _flat_nodes([tree.nodes for tree in trees])
    for name in BITSETS:
        sets = [getattr(tree, name) for tree in trees]
        flat |= {name: np.concatenate(sets), f"{name}_sizes": np.array([len(one) for one in sets])}
    return {**flat, "rounds": np.array([len(one) for one in rounds])}


def _unpack_rounds(boosting: Any) -> None:
    flat = boosting._predictors
    if not isinstance(flat, dict):
        return
    binned, raw = (_cut(flat[name], flat[f"{name}_sizes"]) for name in BITSETS)
    trees = map(TreePredictor, _nodes(flat, PREDICTOR_RECORD_DTYPE), binned, raw)
    boosting._predictors = [[next(trees) for _place in range(int(n))] for n in flat["rounds"]]


def _pack_thresholds(bins: Any) -> Arrays | None:
    if not bins.bin_thresholds_:
        return None
    sizes = np.array([len(one) for one in bins.bin_thresholds_])
    return {"sizes": sizes, "thresholds": np.concatenate(bins.bin_thresholds_)}


def _unpack_thresholds(bins: Any) -> None:
    flat = bins.bin_thresholds_
    if isinstance(flat, dict):
        bins.bin_thresholds_ = [one.copy() for one in _cut(flat["thresholds"], flat["sizes"])]


# Vocabularies


def _pack_words(vectorizer: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Letters of all words, how many bytes each has, and its column; a lone surrogate is a letter, too."""
    words = [word.encode("utf-8", "surrogatepass") for word in vectorizer.vocabulary_]
    sizes = np.array([len(word) for word in words], dtype=np.int64)
    columns = np.array([int(column) for column in vectorizer.vocabulary_.values()], dtype=np.int64)
    return np.frombuffer(b"".join(words), dtype=np.uint8), _smaller(sizes), _smaller(columns)


def _unpack_words(vectorizer: Any) -> None:
    if isinstance(vectorizer.vocabulary_, dict):
        return
    letters, sizes, columns = vectorizer.vocabulary_
    every, ends = letters.tobytes(), np.cumsum(sizes, dtype=np.int64).tolist()
    words = [
        every[start:end].decode("utf-8", "surrogatepass") for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]
    vectorizer.vocabulary_ = dict(zip(words, columns.tolist(), strict=True))


# Nodes


def _flat_nodes(trees: list[np.ndarray]) -> Arrays:
    """The fields of all nodes; children by their distance, which for most is 1 and packs well."""
    sizes = np.array([len(nodes) for nodes in trees])
    every = np.concatenate(trees)
    own = _places(sizes)
    found: Arrays = {"sizes": sizes}
    for name in every.dtype.names or ():
        field = every[name]
        if name in CHILDREN:
            child = field.astype(np.int64)
            field = np.where(child > 0, child - own, child)
        found[name] = _smaller(field)
    return found


def _nodes(flat: Arrays, kind: np.dtype) -> Iterator[np.ndarray]:
    """The nodes of each tree, as they were."""
    sizes = np.asarray(flat["sizes"], dtype=np.int64)
    own = _places(sizes)
    every = np.zeros(len(own), dtype=kind)
    for name in kind.names or ():
        field = flat[name]
        if name in CHILDREN:
            away = np.asarray(field, dtype=np.int64)
            field = np.where(away > 0, away + own, away)
        every[name] = field
    yield from (nodes.copy() for nodes in _cut(every, sizes))


def _places(sizes: np.ndarray) -> np.ndarray:
    """The place of each node in its own tree."""
    starts = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) - np.repeat(starts, sizes)


def _cut(flat: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """Pieces of these sizes, which make up the whole."""
    if np.sum(sizes) != len(flat):
        raise ValueError("the pieces do not make up the whole")
    return np.split(flat, np.cumsum(sizes)[:-1])


def _smaller(values: np.ndarray) -> np.ndarray:
    """The same numbers in the smallest type that holds them all exactly."""
    if values.dtype.kind in "iu":
        fits = (one for one in map(values.astype, SMALL_INTEGERS) if np.array_equal(one, values))
        return next(fits, values)
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    return single if np.array_equal(single.astype(values.dtype), values, equal_nan=True) else values


# What is not looked up without a check


def _check_trees(one: Any) -> None:
    """Refuse trees that point outside themselves: scikit-learn follows them without looking."""
    if isinstance(one, BaseDecisionTree) and hasattr(one, "tree_"):
        tree = one.tree_
        inner = tree.children_left != -1
        children = [tree.children_left[inner], tree.children_right[inner]]
        _check(children, np.flatnonzero(inner), tree.node_count, tree.feature[inner], tree.n_features)
    elif isinstance(one, HistGradientBoostingClassifier | HistGradientBoostingRegressor):
        for tree in (tree for trees in getattr(one, "_predictors", []) for tree in trees):
            _check_predictor(tree, one._n_features)


def _check_predictor(tree: TreePredictor, n_features: int) -> None:
    inner = np.flatnonzero(tree.nodes["is_leaf"] == 0)
    nodes = tree.nodes[inner]
    children = [nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)]
    _check(children, inner, len(tree.nodes), nodes["feature_idx"], n_features)
    if np.any(nodes["bitset_idx"][nodes["is_categorical"] == 1] >= len(tree.raw_left_cat_bitsets)):
        raise ValueError("a node asks for categories that are not there")


def _check(children: list[np.ndarray], own: np.ndarray, n_nodes: int, features: np.ndarray, n_features: int) -> None:
    """A node's children come after it, so no path is endless, and it asks for a feature that there is."""
    if any(np.any(child <= own) or np.any(child >= n_nodes) for child in children):
        raise ValueError("a node's child lies outside its tree")
    if np.any(features < 0) or np.any(features >= n_features):
        raise ValueError("a node asks for a feature that is not there")


Kind = tuple[type | tuple[type, ...], str, Callable[[Any], Any], Callable[[Any], None]]
KINDS: tuple[Kind, ...] = (  # of which objects, which attribute, how it is packed and unpacked
    ((ForestClassifier, ForestRegressor), "estimators_", _pack_forest, _unpack_forest),
    (
        (HistGradientBoostingClassifier, HistGradientBoostingRegressor),
        "_predictors",
        _pack_rounds,
        _unpack_rounds,
    ),
    (_BinMapper, "bin_thresholds_", _pack_thresholds, _unpack_thresholds),
    (CountVectorizer, "vocabulary_", _pack_words, _unpack_words),
)
