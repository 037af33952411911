"""The game of `column_game` for many rows and every class at once: columns of a table against a background.

One call of the model carries many rows' coalitions, and all classes' outputs come from the same call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explain.shapley.evaluators import Evaluator
from core.explain.shapley.interactions import coalitions, interaction_weights, value_weights
from core.explain.shapley.values import paths

MOST_ROWS = 8192  # evaluated in one call
MOST_CHEAP_ROWS = 65536  # the same where a row costs next to nothing
MOST_CELLS = 10_000_000  # of the rows of one call


@dataclass(frozen=True)
class Block:
    """Some rows opened into columns, for every class."""

    base: np.ndarray  # (rows, classes)
    output: np.ndarray  # (rows, classes)
    values: np.ndarray  # (rows, players, classes)
    interactions: np.ndarray | None  # (rows, pairs, classes); None where orders were sampled


class WholeGame:
    """Columns are players; a hidden column takes its values in the background rows.

    Parameters
    ----------
    evaluator_of : callable (DataFrame) → Evaluator
        What says what the model says of rows put together from these.
    outputs : callable
        What was said, (n, classes) or (n,)  →  the output of each class, (n, classes).
    background : DataFrame of b rows
    weights : float array, shape (b,)
        Of the background rows in the average; they sum to 1.

    Attributes
    ----------
    cheap : bool
        Whether a row costs next to nothing.
    """

    def __init__(
        self,
        evaluator_of: Callable[[pd.DataFrame], Evaluator],
        outputs: Callable[[np.ndarray], np.ndarray],
        background: pd.DataFrame,
        weights: np.ndarray,
    ) -> None:
        self.evaluator_of, self.outputs, self.weights = evaluator_of, outputs, weights
        self.background = background.reset_index(drop=True)
        self.cheap = evaluator_of(self.background).cheap

    def rows_at_once(self, n_coalitions: int) -> int:
        """How many rows one call may carry."""
        most = min(MOST_CHEAP_ROWS if self.cheap else MOST_ROWS, MOST_CELLS // self.background.shape[1])
        return max(1, most // (n_coalitions * len(self.background)))

    def exact(self, rows: pd.DataFrame) -> Block:
        """Every coalition is tried."""
        n = rows.shape[1]
        worth = self.worth(rows, coalitions(n))
        return Block(
            base=worth[:, 0],
            output=worth[:, -1],
            values=np.einsum("ps,rsk->rpk", value_weights(n), worth),
            interactions=np.einsum("ps,rsk->rpk", interaction_weights(n), worth) if n > 1 else None,
        )

    def sampled(self, rows: pd.DataFrame, orders: list[np.ndarray]) -> Block:
        """The mean marginal contributions along these orders and along their reverses."""
        ways = [way for order in orders for way in (order, order[::-1])]
        n = rows.shape[1]
        shown = np.concatenate([paths(way) for way in ways])
        distinct, which = np.unique(shown, axis=0, return_inverse=True)
        worth = self.worth(rows, distinct)[:, which.ravel()]
        values = np.zeros((len(rows), n, worth.shape[2]))
        for number, way in enumerate(ways):
            along = worth[:, number * (n + 1) : (number + 1) * (n + 1)]
            values[:, way] += np.diff(along, axis=1) / len(ways)
        return Block(base=worth[:, 0], output=worth[:, n], values=values, interactions=None)

    def among(self, rows: pd.DataFrame, players: list[int]) -> np.ndarray:
        """Interactions among some of the columns, the others as they are.  →  (rows, pairs, classes)"""
        n = len(players)
        shown = np.ones((2**n, rows.shape[1]), dtype=bool)
        shown[:, players] = coalitions(n)
        return np.einsum("ps,rsk->rpk", interaction_weights(n), self.worth(rows, shown))

    def worth(self, rows: pd.DataFrame, shown: np.ndarray) -> np.ndarray:
        """The average output with these columns shown.  r rows, bool (m, players)  →  float (r, m, classes)"""
        some = max(1, MOST_CELLS // (rows.shape[1] * len(self.background)))  # coalitions at once
        if len(shown) > some:
            parts = [self.worth(rows, shown[start : start + some]) for start in range(0, len(shown), some)]
            return np.concatenate(parts, axis=1)
        at_once = self.rows_at_once(len(shown))
        parts = [self._call(rows.iloc[start : start + at_once], shown) for start in range(0, len(rows), at_once)]
        return np.concatenate(parts)

    def _call(self, rows: pd.DataFrame, shown: np.ndarray) -> np.ndarray:
        n_rows, n_hidden = len(rows), len(self.background)
        stacked = pd.concat([rows, self.background], ignore_index=True)
        own = np.arange(n_rows)[:, None, None, None]
        hidden = n_rows + np.arange(n_hidden)[None, None, :, None]
        places = np.where(shown[None, :, None, :], own, hidden).reshape(-1, rows.shape[1])
        found = self.outputs(self.evaluator_of(stacked).outputs(places))
        return np.einsum("rmbk,b->rmk", found.reshape(n_rows, len(shown), n_hidden, -1), self.weights)
