"""A soft tree looked at: correlations as NumPy's, rows counting as far as they reach a node."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fuse.joint.soft_tree import SHOWN, correlations, describe_tree

RNG = np.random.default_rng(0)
FEATURES, RIGHT = RNG.normal(size=(40, 3)), RNG.random((40, 2))


def test_with_rows_that_count_alike_it_is_pearsons():
    found = correlations(FEATURES, RIGHT, np.ones((40, 2)))
    for feature in range(3):
        for node in range(2):
            assert found[feature, node] == pytest.approx(np.corrcoef(FEATURES[:, feature], RIGHT[:, node])[0, 1])


def test_a_row_that_counts_twice_is_two_rows():
    weights = np.ones((40, 2))
    weights[:10] = 2
    twice = np.r_[np.arange(40), np.arange(10)]
    assert correlations(FEATURES, RIGHT, weights) == pytest.approx(
        correlations(FEATURES[twice], RIGHT[twice], np.ones((50, 2)))
    )


def test_what_does_not_vary_says_nothing():
    constant = np.hstack([np.ones((40, 1)), FEATURES[:, :1]])
    assert correlations(constant, RIGHT, np.ones((40, 2)))[0].tolist() == [0.0, 0.0]
    assert correlations(FEATURES, np.ones((40, 1)), np.ones((40, 1))).ravel().tolist() == [0.0] * 3


def tree_of(texts, frame, roles, classes=("no", "yes")):
    """One decision: rows with “refund”, or 10 hours or more, go right."""
    right = np.array([["refund" in text or hours >= 10] for text, hours in zip(texts, frame["hours"], strict=True)])
    right = right.astype(float)
    reached = np.hstack([np.ones((len(texts), 1)), 1 - right, right])
    outputs = np.array([[0.9, 0.1], [0.2, 0.8]]) if classes else np.array([[1.5], [4.0]])
    return describe_tree(frame, roles, texts, reached, right, outputs, list(classes))


TEXTS = ["refund please", "refund now", "thanks a lot", "thanks again", "hello"]
FRAME = pd.DataFrame({"hours": [11.0, 12.0, 1.0, 2.0, 3.0], "kind": ["a", "a", "b", "b", "c"]})


def test_the_word_and_the_columns_that_decide_are_named():
    tree = tree_of(TEXTS, FRAME, {"hours": "number", "kind": "category"})
    (root,) = tree.nodes
    assert (tree.depth, root.right) == (1, pytest.approx(0.4))
    assert (root.words[0].name, root.words[0].weight) == ("refund", pytest.approx(1.0))
    # one row alone is of kind c
    assert {(sign.name, sign.value) for sign in root.columns} == {
        ("hours", ""),
        ("kind", "a"),
        ("kind", "b"),
    }  # c: one row
    assert [leaf.share for leaf in tree.leaves] == pytest.approx([0.6, 0.4])
    assert tree.leaves[1].probabilities == [0.2, 0.8]


def test_a_leaf_of_a_number_holds_a_number():
    tree = tree_of(TEXTS, FRAME, {}, classes=())
    assert [(leaf.number, leaf.probabilities) for leaf in tree.leaves] == [(1.5, []), (4.0, [])]


def test_without_a_word_that_stands_twice_there_are_no_words():
    assert tree_of(list("abcde"), FRAME, {}).nodes[0].words == []


def test_at_most_so_many_words_are_shown():
    many = " ".join(f"word{number}" for number in range(3 * SHOWN))
    tree = tree_of([f"refund {many}", f"refund {many}", "thanks", "thanks", "hello"], FRAME, {})
    assert len(tree.nodes[0].words) == SHOWN
