"""The game whose players are the source columns.

A column that is hidden takes its values in the background rows, and the output is averaged over them. What the model
sees besides the columns (embedding dimensions, one-hot features) never appears.

References
----------
Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature contributions", 2014.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.explain import output as outputs
from core.explain.shapley.evaluators import Evaluator, Other, Table
from core.results.explanations.rows import Output

Predict = Callable[[pd.DataFrame], np.ndarray]  # table (n rows) → outputs (n,)
MOST_ROWS = 4096  # evaluated in one call
MOST_CHEAP_ROWS = 32768  # the same where a row costs next to nothing


class Game:
    """One row against a background.

    Parameters
    ----------
    predict : callable
        The model's output for each row of a table.
    row : DataFrame of one row
    background : DataFrame of k rows
    weights : array, shape (k,), optional
        How much each background row counts, sum 1. Default: alike.
    evaluator : Evaluator, optional
        What says the same of made-up rows in a cheaper way: probabilities, or numbers; `place` and `output` then say
        which number of them is explained.
    check : callable () → None
        Called before the model is; may raise to stop.

    Attributes
    ----------
    evaluations : int
        Rows that went through the model; rows that are alike go through once per call.
    """

    def __init__(
        self,
        predict: Predict,
        row: pd.DataFrame,
        background: pd.DataFrame,
        weights: np.ndarray | None = None,
        *,
        evaluator: Evaluator | None = None,
        place: int = 0,
        output: Output = "margin",
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.row = row.reset_index(drop=True)
        self.players = [str(name) for name in row.columns]
        self.background = background[list(row.columns)].reset_index(drop=True)
        n = len(self.background)
        self.weights = np.full(n, 1 / n) if weights is None else np.asarray(weights, dtype=float)
        self.evaluator = evaluator or Table(predict, stacked(self.row, self.background))
        self.place, self.output, self.check = place, output, check
        self.evaluations = 0
        self._known: dict[bytes, float] = {}

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """The average output with these columns shown.  bool (m, players)  →  float (m,)"""
        keys = [coalition.tobytes() for coalition in coalitions]
        new = {key: coalition for key, coalition in zip(keys, coalitions, strict=True) if key not in self._known}
        if new:
            found = self._outputs(np.stack(list(new.values())))
            self._known.update(zip(new, found.tolist(), strict=True))
        return np.asarray([self._known[key] for key in keys])

    def with_texts(self, shown: np.ndarray, column: str, texts: Sequence[str]) -> np.ndarray:
        """The average output with these columns shown and another text in the cell of one of them.

        shown: bool (m, players), texts: m of them  →  float (m,)
        """
        return self._outputs(shown, Other(self.players.index(column), texts))

    def with_vectors(
        self, shown: np.ndarray, column: str, vectors: np.ndarray, texts: Sequence[str] | None = None
    ) -> np.ndarray:
        """The same with the text given as what `encoder(column)` would make of it: no text is encoded by that.

        texts: m texts for what else reads the column (word counts); default: the cell as it stands.

        shown: bool (m, players), vectors: (m, width)  →  float (m,)
        """
        if texts is None:
            cell = self.row[column].iloc[0]
            texts = ["" if pd.isna(cell) else str(cell)] * len(vectors)
        return self._outputs(shown, Other(self.players.index(column), texts, np.asarray(vectors)))

    def encoder(self, column: str) -> Any:
        """The fitted language model whose vectors `with_vectors` takes; None where it can't be used."""
        return self.evaluator.encoder(self.players.index(column))

    def closed(self) -> np.ndarray | None:
        """Shapley values (players,) by the model's form, where it has one that needs no coalitions."""
        return self.evaluator.closed(self.place, self.output, self.weights)

    def _outputs(self, shown: np.ndarray, other: Other | None = None) -> np.ndarray:
        per_call = max(1, (MOST_CHEAP_ROWS if self.evaluator.cheap else MOST_ROWS) // len(self.background))
        parts = []
        for start in range(0, len(shown), per_call):
            part = slice(start, start + per_call)
            own = None
            if other is not None:
                vectors = None if other.vectors is None else other.vectors[part]
                own = Other(other.player, other.texts[part], vectors)
            parts.append(self._call(shown[part], own))
        return np.concatenate(parts)

    def _call(self, shown: np.ndarray, other: Other | None) -> np.ndarray:
        self.check()
        hidden = np.arange(1, len(self.background) + 1)
        places = np.where(shown[:, None, :], 0, hidden[None, :, None])  # (m, background, players)
        n_stacked = len(self.background) + 1
        if other is not None:
            places[:, :, other.player] = n_stacked + np.arange(len(other.texts))[:, None]
        flat = places.reshape(-1, len(self.players))
        first, which = distinct(flat, n_stacked + (0 if other is None else len(other.texts)))
        self.evaluations += len(first)
        found = outputs.of(np.asarray(self.evaluator.outputs(flat[first], other), dtype=float), self.place, self.output)
        return found[which].reshape(len(shown), len(self.background)) @ self.weights


def stacked(row: pd.DataFrame, background: pd.DataFrame) -> pd.DataFrame:
    """The row that is explained, then the background."""
    return pd.concat([row, background[list(row.columns)]], ignore_index=True)


def distinct(places: np.ndarray, base: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each different row stands first, and for every row which of them it is.  int (n, players) below `base`"""
    n_players = places.shape[1]
    if n_players * np.log2(max(2, base)) < 62:
        codes = places @ (base ** np.arange(n_players, dtype=np.int64))
        _codes, first, which = np.unique(codes, return_index=True, return_inverse=True)
    else:
        _rows, first, which = np.unique(places, axis=0, return_index=True, return_inverse=True)
    return first, which.ravel()
