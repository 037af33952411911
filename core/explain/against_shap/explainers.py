"""shap's own explainers on a function of numbers, each with what it says as base, output, values and bands.

The functions below take whatever `Values` they are given: rows are coded as numbers by the caller, since shap's tabular
maskers hold numbers only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shap

from core.explain.shapley.values import NARROW, SURE_PAIRS, Shares, reach_of

VERSION = str(shap.__version__)
FEWEST_ORDERS = 4  # each with its reverse, before an error can be told
Rows = Callable[[np.ndarray], np.ndarray]  # float (m, players) → outputs (m,)


@dataclass(frozen=True)
class Answer(Shares):
    """What one of shap's explainers says."""

    draws: int = 0  # orders with their reverses; 0: nothing was drawn at random


def warm() -> None:
    """Have shap compile its loops, which takes seconds and is no part of explaining."""
    background, row = np.array([[1.0, 1.0], [2.0, 2.0]]), np.zeros(2)
    exact(lambda rows: rows.sum(axis=1), row, background)
    permuted(lambda rows: rows.sum(axis=1), row, background, seed=0, most=1, enough=lambda: True)


def exact(says: Rows, row: np.ndarray, background: np.ndarray) -> Answer:
    """`shap.explainers.Exact`: every coalition.

    row : float (players,), background : float (k, players); all its rows are used, each as often as it stands there
    """
    explainer = shap.explainers.Exact(says, _masker(background))
    found = explainer(row[None], max_evals=2 ** len(row), silent=True)
    return _answer(found)


def permuted(
    says: Rows,
    row: np.ndarray,
    background: np.ndarray,
    *,
    seed: int,
    most: int,
    enough: Callable[[], bool],
    narrow: float = NARROW,
    each: Callable[[int], None] = lambda done: None,
) -> Answer:
    """`shap.explainers.Permutation`, one order and its reverse at a time, so that their spread gives its own error.

    shap's `error_std` counts an order and its reverse as two draws, which they are not; the mean of the two is one.

    Parameters
    ----------
    most : int
        Orders at most.
    enough : callable () → bool
        True stops after `FEWEST_ORDERS`.
    narrow : float
        It ends once every 95 % band is within this share of the longest bar.
    each : callable
        Told how many orders are done.
    """
    explainer = shap.explainers.Permutation(says, _masker(background), seed=seed)
    samples: list[np.ndarray] = []
    while True:
        found = explainer(row[None], max_evals=2 * len(row) + 1, silent=True)
        samples.append(np.asarray(found.values[0], dtype=float))
        each(len(samples))
        if len(samples) < FEWEST_ORDERS:
            continue
        mean, reach = np.mean(samples, axis=0), reach_of(np.asarray(samples))
        sure = len(samples) >= SURE_PAIRS and reach.max() <= narrow * np.abs(mean).max()
        if sure or len(samples) >= most or enough():
            base = float(np.ravel(found.base_values)[0])
            return Answer(base, base + float(mean.sum()), mean, reach, len(samples))


def partitioned(says: Rows, tree: np.ndarray, most: int) -> Answer:
    """`shap.explainers.Partition` on a game of n players that are hidden (0) or shown (1).

    tree : float (n − 1, 4), as `scipy.cluster.hierarchy.linkage` writes it
    most : evaluations at most
    """
    n = len(tree) + 1
    explainer = shap.explainers.Partition(says, shap.maskers.Partition(np.zeros((1, n)), clustering=tree))
    return _answer(explainer(np.ones((1, n)), max_evals=most, silent=True))


def trees(model: Any, row: np.ndarray, background: np.ndarray, place: int | None) -> Answer:
    """`shap.explainers.Tree`, interventional: one feature, one player.

    place : which of the model's outputs; None: it has one
    """
    explainer = shap.explainers.Tree(model, _masker(background), feature_perturbation="interventional")
    found = explainer(row[None], check_additivity=False)
    values, base = np.asarray(found.values[0], dtype=float), np.ravel(found.base_values)
    if values.ndim > 1:
        values = values[:, place]
    start = float(base[0 if place is None or len(base) == 1 else place])
    return Answer(start, start + float(values.sum()), values, np.zeros(len(values)))


def balanced(groups: list[int]) -> np.ndarray:
    """A tree over neighbours: pairs within each group, then the groups.

    groups : how many players each has, in order  →  float (n − 1, 4), a linkage
    """
    made: list[list[float]] = []
    sizes = [1] * sum(groups)
    tops, start = [], 0
    for size in groups:
        tops.append(_paired(list(range(start, start + size)), sizes, made))
        start += size
    _paired(tops, sizes, made)
    return np.asarray(made, dtype=float).reshape(-1, 4)


def _paired(nodes: list[int], sizes: list[int], made: list[list[float]]) -> int:
    """Join neighbours two by two until one is left.  →  its number"""
    while len(nodes) > 1:
        joined = []
        for left, right in zip(nodes[::2], nodes[1::2], strict=False):
            sizes.append(sizes[left] + sizes[right])
            made.append([left, right, 1.0, sizes[-1]])
            joined.append(len(sizes) - 1)
        nodes = joined + nodes[len(nodes) - len(nodes) % 2 :]
    return nodes[0]


def _masker(background: np.ndarray) -> Any:
    return shap.maskers.Independent(background, max_samples=len(background))  # by itself it would draw 100 of them


def _answer(found: Any) -> Answer:
    base, values = float(np.ravel(found.base_values)[0]), np.asarray(found.values[0], dtype=float)
    return Answer(base, base + float(values.sum()), values, np.zeros(len(values)))
