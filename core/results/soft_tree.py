"""A trained soft tree as a page draws it. Light: written beside a candidate's other files (``tree.json``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from core.data.schema import read_model

TREE_FILE = "tree.json"


class Sign(BaseModel):
    """Something in a row that goes with turning right at a node, or left where `weight` is below 0.

    `weight` is the correlation with the probability of going right, over the training rows as far as they reach the
    node, −1 to 1.
    """

    kind: str  # "word" or "column"
    name: str  # the word, or the column
    value: str = ""  # of a category: which value it is about
    weight: float


class TreeNode(BaseModel):
    """An inner node; its children are nodes 2i + 1 (left) and 2i + 2 (right), those past the last node are leaves."""

    share: float  # of the training rows that reach it
    right: float  # share of these that go right
    words: list[Sign] = []
    columns: list[Sign] = []


class TreeLeaf(BaseModel):
    """A leaf, from left to right."""

    share: float
    probabilities: list[float] = []  # in the order of the tree's classes
    number: float | None = None  # for a numeric target


class SoftTree(BaseModel):
    """A soft decision tree over the training rows it was fitted on."""

    classes: list[str] = []
    depth: int
    nodes: list[TreeNode]  # level by level
    leaves: list[TreeLeaf]


def read_tree(candidate_folder: Path) -> SoftTree | None:
    """The tree of a kept candidate; None if it has none."""
    return read_model(SoftTree, candidate_folder / TREE_FILE)
