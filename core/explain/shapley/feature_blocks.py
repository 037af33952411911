"""Features assembled, not recomputed: each comes from one source column, so made-up rows are picked together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.compose import ColumnTransformer

from core.fuse.columns import Numbers, TextColumn
from core.fuse.sentence import SentenceColumn


class Features:
    """The features of stacked rows, with the column that each comes from.

    Parameters
    ----------
    maker : ColumnTransformer, fitted
    stacked : DataFrame
        Its columns are the players.

    Attributes
    ----------
    matrix : array or CSR matrix, shape (n stacked, d)
    owners : int array, shape (d,)
        The player that decides each feature.
    """

    def __init__(self, maker: ColumnTransformer, stacked: pd.DataFrame) -> None:
        self.maker = maker
        self.names = [str(name) for name in stacked.columns]
        self.owners = owners(maker, self.names)
        made = maker.transform(stacked)
        self.matrix: Any = made.tocsr() if scipy.sparse.issparse(made) else np.asarray(made)
        self.factors: np.ndarray | None = None

    def weighted(self, factors: np.ndarray | None) -> None:
        """Multiply every feature with its factor, shape (d,), as the model sees them."""
        self.factors = factors
        self.matrix = self._scaled(self.matrix)

    def rows(self, places: np.ndarray, other: Any = None) -> Any:
        """The features of made-up rows.  int (n, players)  →  (n, d), sparse or dense as the model learned on them"""
        added = None if other is None else self.of_texts(other)
        if not scipy.sparse.issparse(self.matrix):
            matrix = self.matrix if added is None else np.vstack([self.matrix, added.astype(self.matrix.dtype)])
            return matrix[places[:, self.owners], np.arange(len(self.owners))[None, :]]
        total = None
        for player in np.unique(self.owners):
            own = self.only(self.matrix, int(player))
            if other is not None and player == other.player:
                own = scipy.sparse.vstack([own, added], format="csr")
            picked = own[places[:, player]]
            total = picked if total is None else total + picked
        return total

    def only(self, matrix: Any, player: int) -> Any:
        """A sparse matrix with nothing but one player's features."""
        mask = scipy.sparse.diags((self.owners == player).astype(matrix.dtype))
        return (matrix @ mask).tocsr()

    def of_texts(self, other: Any) -> Any:
        """The features of other texts in one column; those of other columns are zero.  →  (m, d)"""
        n, parts = len(other.texts), []
        given = self.reader(other.player) if other.vectors is not None else None
        for maker, columns, places in blocks(self.maker):
            if not isinstance(maker, TextColumn) or columns != [self.names[other.player]]:
                parts.append(scipy.sparse.csr_matrix((n, places.stop - places.start)))
            elif maker is given:
                parts.append(np.asarray(other.vectors))
            else:
                parts.append(maker.encoder_.transform(np.asarray(list(other.texts), dtype=object)))
        if scipy.sparse.issparse(self.matrix):
            return self._scaled(scipy.sparse.hstack(parts, format="csr"))
        return self._scaled(np.hstack([part.toarray() if scipy.sparse.issparse(part) else part for part in parts]))

    def reader(self, player: int) -> TextColumn | None:
        """What reads a text column with a language model."""
        for maker, columns, _places in blocks(self.maker):
            if isinstance(maker, TextColumn) and columns == [self.names[player]]:
                outer = maker.encoder_
                if hasattr(getattr(outer, "encoder_", outer), "revision_"):
                    return maker
        return None

    def _scaled(self, matrix: Any) -> Any:
        if self.factors is None:
            return matrix
        sparse = scipy.sparse.issparse(matrix)
        return (matrix @ scipy.sparse.diags(self.factors)).tocsr() if sparse else matrix * self.factors


def blocks(maker: ColumnTransformer) -> list[tuple[Any, list[str], slice]]:
    """Each fitted part with the columns it reads and the features it makes, in the features' order."""
    found = [
        (one, [str(name) for name in columns], maker.output_indices_[label])
        for label, one, columns in maker.transformers_
        if not isinstance(one, str)  # columns that are left out
    ]
    return sorted(found, key=lambda block: block[2].start)


def can_assemble(maker: Any) -> bool:
    """Whether every feature comes from one column alone."""
    return isinstance(maker, ColumnTransformer) and all(
        not isinstance(one, SentenceColumn) and (isinstance(one, Numbers) or len(columns) == 1)
        for one, columns, _places in blocks(maker)
    )


def owners(maker: ColumnTransformer, names: list[str]) -> np.ndarray:
    """The place among `names` of the column that decides each feature."""
    found: list[int] = []
    for one, columns, places in blocks(maker):
        listed = [names.index(column) for column in columns]
        marked = [listed[place] for place in one.marked_] if isinstance(one, Numbers) else []  # after all values
        found += [*listed, *marked] if isinstance(one, Numbers) else listed * (places.stop - places.start)
    return np.asarray(found, dtype=int)
