"""Tellers: what a model says of rows that are put together cell by cell.

A row of the game takes each column from the row that is explained or from a background row. All of these are stacked
(row 0 is explained), and a made-up row is the numbers of the stacked rows that its columns come from. An evaluator
turns such numbers into what the model says, each in the cheapest way its model allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.results.explanations.rows import Output


@dataclass(frozen=True)
class Other:
    """Texts that stand in one column's cell for a moment; place `n stacked + i` means the i-th of them."""

    player: int
    texts: Sequence[str]
    vectors: np.ndarray | None = None  # what the column's language model makes of them, where that is known already


class Evaluator:
    """What a model says of made-up rows.

    Attributes
    ----------
    cheap : bool
        Whether a row costs next to nothing.
    """

    cheap = False

    def outputs(self, places: np.ndarray, other: Other | None = None) -> np.ndarray:
        """int (n, players)  →  probabilities (n, k), or numbers (n,)"""
        raise NotImplementedError

    def closed(self, place: int, output: Output, weights: np.ndarray) -> np.ndarray | None:
        """Shapley values (players,) without trying coalitions, where the model's form gives them.

        weights: of the background rows, shape (k,), sum 1
        """
        return None

    def encoder(self, player: int) -> Any:
        """The language model whose vectors `Other.vectors` are, for this column; None where none can be given."""
        return None


class Table(Evaluator):
    """Rows as a table through the whole model: for whatever has no simpler form.

    Parameters
    ----------
    says : callable
        Table (n rows) → probabilities (n, k), or numbers (n,).
    stacked : DataFrame
        The row that is explained, then the background.
    """

    def __init__(self, says: Callable[[pd.DataFrame], np.ndarray], stacked: pd.DataFrame) -> None:
        self.says, self.stacked = says, stacked

    def outputs(self, places: np.ndarray, other: Other | None = None) -> np.ndarray:
        columns = {name: self.stacked[name] for name in self.stacked.columns}
        if other is not None:
            name = str(self.stacked.columns[other.player])
            own = columns[name]
            columns[name] = pd.concat([own, pd.Series(list(other.texts), dtype=own.dtype)], ignore_index=True)
        frame = {name: column.take(places[:, player]).array for player, (name, column) in enumerate(columns.items())}
        return np.asarray(self.says(pd.DataFrame(frame)), dtype=float)


class Mixture(Evaluator):
    """The weighted mean of several evaluators.

    Parameters
    ----------
    members : list of (Evaluator, players it looks at, which of the classes it knows)
    weights : list of float
        Sum 1.
    n_classes : int
        0: numbers.
    """

    def __init__(
        self, members: list[tuple[Evaluator, np.ndarray, np.ndarray]], weights: Sequence[float], n_classes: int, n: int
    ) -> None:
        self.members, self.weights, self.n_classes, self.n_players = members, list(weights), n_classes, n
        self.cheap = all(evaluator.cheap for evaluator, _players, _classes in members)

    def outputs(self, places: np.ndarray, other: Other | None = None) -> np.ndarray:
        total = np.zeros((len(places), self.n_classes) if self.n_classes else len(places))
        for (evaluator, players, classes), weight in zip(self.members, self.weights, strict=True):
            own = None
            if other is not None and other.player in players:
                own = Other(int(np.flatnonzero(players == other.player)[0]), other.texts, other.vectors)
            said = evaluator.outputs(places[:, players], own)
            if self.n_classes:
                total[:, classes] += weight * said
            else:
                total += weight * said
        return total

    def closed(self, place: int, output: Output, weights: np.ndarray) -> np.ndarray | None:
        """The members' values, mixed as they are; log-odds of a mean are no mean of log-odds."""
        if self.n_classes and output != "probability":
            return None
        total = np.zeros(self.n_players)
        for (evaluator, players, classes), weight in zip(self.members, self.weights, strict=True):
            if self.n_classes and place not in classes:
                continue
            own = int(np.flatnonzero(classes == place)[0]) if self.n_classes else 0
            values = evaluator.closed(own, output, weights)
            if values is None:
                return None
            total[players] += weight * values
        return total
