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
        Rows that went through the model.
    """

    def __init__(self, predict: Predict, row: pd.DataFrame, background: pd.DataFrame) -> None:
        self.predict = predict
        self.row = row.reset_index(drop=True)
        self.background = background[row.columns].reset_index(drop=True)
        self.players = [str(name) for name in row.columns]
        self.evaluations = 0
        self._known: dict[bytes, float] = {}

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """The average output with these columns shown.  bool (m, players)  →  float (m,)"""
        keys = [coalition.tobytes() for coalition in coalitions]
        new = {key: coalition for key, coalition in zip(keys, coalitions, strict=True) if key not in self._known}
        per_call = max(1, MOST_ROWS // len(self.background))
        waiting = list(new.items())
        for start in range(0, len(waiting), per_call):
            part = waiting[start : start + per_call]
            outputs = self.outputs([self.mixed(coalition) for _key, coalition in part])
            self._known.update({key: value for (key, _coalition), value in zip(part, outputs, strict=True)})
        return np.asarray([self._known[key] for key in keys])

    def mixed(self, shown: np.ndarray, changed: dict[str, str] | None = None) -> pd.DataFrame:
        """The background with the row's own values in the shown columns; `changed` replaces some of those."""
        columns = {}
        for place, name in enumerate(self.players):
            if shown[place]:
                value = (changed or {}).get(name, self.row[name].iloc[0])
                columns[name] = pd.Series([value] * len(self.background), dtype=self.row[name].dtype)
            else:
                columns[name] = self.background[name]
        return pd.DataFrame(columns)

    def outputs(self, tables: Sequence[pd.DataFrame]) -> np.ndarray:
        """The average output of each table, all in one call."""
        self.evaluations += sum(len(table) for table in tables)
        outputs = self.predict(pd.concat(tables, ignore_index=True))
        ends = np.cumsum([len(table) for table in tables])
        return np.asarray([part.mean() for part in np.split(outputs, ends[:-1])])
