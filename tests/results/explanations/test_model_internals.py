"""What a model says of itself, as it is stored: what a file need not say."""

from __future__ import annotations

from core.results.explanations.model_internals import Feature, Node, Tree, Vectors


def test_a_feature_is_taken_as_it_is_unless_said():
    made = Feature(column="size", kind="number")
    assert (made.detail, made.number) == ("", 0)
    assert (7.0 - made.middle) / made.spread == 7.0


def test_a_node_is_the_root_and_a_leaf_unless_said():
    made = Node(n_rows=3)
    assert (made.above, made.level, made.left, made.cut, made.threshold) == (-1, 0, False, False, 0.0)
    assert (made.feature, made.values, made.number) == (None, [], None)
    assert Tree(depth=0, n_leaves=1, nodes=[made]).boosted is False
    assert (Vectors(n_rows=1, counts={}).cap, Vectors(n_rows=1, counts={}).n_capped) == (0.0, 0)
