"""The game whose players are the source columns.

A column that is hidden takes its values in the background rows, and the output is averaged over them. What the model
sees besides the columns (embedding dimensions, one-hot features) never appears.

References
----------
Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature contributions", 2014.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

Predict = Callable[[pd.DataFrame], np.ndarray]  # table (n rows) → outputs (n,)
MOST_ROWS = 4096  # evaluated in one call


class Game:
    """One row against a background.

    Parameters
    ----------
    predict : callable
        The model's output for each row of a table.
    row : DataFrame of one row
    background : DataFrame of k rows

    Attributes
    ----------
    evaluations : int
        Rows that went through the model; rows that are alike go through once per call.
    """

    def __init__(self, predict: Predict, row: pd.DataFrame, background: pd.DataFrame) -> None:
        self.predict = predict
        self.row = row.reset_index(drop=True)
        self.players = [str(name) for name in row.columns]
        self.background = background[list(row.columns)].reset_index(drop=True)
        self.evaluations = 0
        self._stacked = pd.concat([self.row, self.background], ignore_index=True)  # row 0 is explained
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
        return self._outputs(shown, (self.players.index(column), texts))

    def _outputs(self, shown: np.ndarray, changed: tuple[int, Sequence[str]] | None = None) -> np.ndarray:
        per_call = max(1, MOST_ROWS // len(self.background))
        parts = []
        for start in range(0, len(shown), per_call):
            part = slice(start, start + per_call)
            parts.append(self._call(shown[part], None if changed is None else (changed[0], changed[1][part])))
        return np.concatenate(parts)

    def _call(self, shown: np.ndarray, changed: tuple[int, Sequence[str]] | None) -> np.ndarray:
        hidden = np.arange(1, len(self.background) + 1)
        places = np.where(shown[:, None, :], 0, hidden[None, :, None])  # (m, background, players), rows of _stacked
        table = self._stacked
        if changed is not None:
            player, texts = changed
            table = self._with_rows(player, texts)
            places[:, :, player] = len(self._stacked) + np.arange(len(texts))[:, None]
        distinct, which = np.unique(places.reshape(-1, len(self.players)), axis=0, return_inverse=True)
        frame = pd.DataFrame(
            {name: table[name].take(distinct[:, player]).array for player, name in enumerate(self.players)}
        )
        self.evaluations += len(frame)
        outputs = np.asarray(self.predict(frame), dtype=float)
        return outputs[which.ravel()].reshape(len(shown), len(self.background)).mean(axis=1)

    def _with_rows(self, player: int, texts: Sequence[str]) -> dict[str, pd.Series]:
        name = self.players[player]
        column = self._stacked[name]
        longer = pd.concat([column, pd.Series(list(texts), dtype=column.dtype)], ignore_index=True)
        return {**{other: self._stacked[other] for other in self.players}, name: longer}
