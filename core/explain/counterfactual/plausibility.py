"""How far a changed row is from the one it came from, and whether rows like it exist.

References
----------
Gower, "A general coefficient of similarity and some of its properties", 1971. Wachter, Mittelstadt and Russell,
"Counterfactual explanations without opening the black box", 2017 (distance in median absolute deviations).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.data.roles.columns import shown
from core.explain.counterfactual.edits import Row, Step, Steps
from core.explain.counterfactual.substitutes import NearWords
from core.explain.global_.words import plain_word
from core.messages import Message, _, say

MOST_ROWS = 2000
TYPICAL_ROWS = 300
TO_SIGMA = 1.4826  # of a normal distribution: deviation over median absolute deviation


class Rows:
    """Training rows, as a measure of what is usual.

    Parameters
    ----------
    table : DataFrame
        The candidate's columns.
    roles : mapping
        Column → role.
    """

    def __init__(self, table: pd.DataFrame, roles: Mapping[str, str], seed: int = 0) -> None:
        self.table = table.sample(min(MOST_ROWS, len(table)), random_state=seed) if len(table) > MOST_ROWS else table
        self.n_columns = table.shape[1]
        measured = {name: _numbers(self.table[name]) for name in table.columns if roles.get(name) in {"number", "date"}}
        self.scales = {name: _deviation(values) for name, values in measured.items()}
        self.ranges = {name: max(float(np.ptp(v[~np.isnan(v)])), 1e-12) for name, v in measured.items() if _any(v)}
        self.categories = [name for name in table.columns if roles.get(name) == "category"]
        self._numbers = {name: measured[name] for name in self.ranges}
        self._words = {name: self.table[name].map(_word).to_numpy() for name in self.categories}
        self.typical = self._nearest_of_all(seed)

    def distance(self, row: Row, steps: Steps) -> float:
        """Mean over columns of what changed: deviations of a number, 1 of a category, the share of words of a text."""
        total = 0.0
        for step in steps:
            if step.kind != "value":
                total += 1 / max(1, len(row.spans[step.column]))
            elif step.column in self.scales and not pd.isna(row.cell(step.column)):
                before, after = _numbers(pd.Series([row.cell(step.column), step.value]))
                total += abs(after - before) / self.scales[step.column]
            else:
                total += 1.0
        return total / self.n_columns

    def nearest(self, frame: pd.DataFrame, but: int | None = None) -> float | None:
        """Gower distance of a row's columns, texts aside, to the nearest training row; None without such columns.

        but: the place of the row that was changed, which does not count.
        """
        if not self.ranges and not self.categories:
            return None
        others = self._to_all(frame)[self.table.index != but]
        return float(others.min()) if len(others) else None

    def unusual(self, nearest: float) -> float:
        """The share of training rows that lie nearer to their own nearest neighbour."""
        return float(np.mean(self.typical < nearest - 1e-12)) if len(self.typical) else 0.0

    def _to_all(self, frame: pd.DataFrame) -> np.ndarray:
        """Distances of one row to every training row.  →  (rows,)"""
        total = np.zeros(len(self.table))
        for name, values in self._numbers.items():
            here = _numbers(frame[name])[0]
            gaps = np.isnan(values) | np.isnan(here)
            both = np.isnan(values) & np.isnan(here)
            apart = np.minimum(1.0, np.abs(values - here) / self.ranges[name])
            total += np.where(gaps, np.where(both, 0.0, 1.0), apart)
        for name, words in self._words.items():
            total += words != _word(frame[name].iloc[0])
        return total / (len(self._numbers) + len(self._words))

    def _nearest_of_all(self, seed: int) -> np.ndarray:
        if not self.ranges and not self.categories:
            return np.zeros(0)
        places = np.random.default_rng(seed).permutation(len(self.table))[:TYPICAL_ROWS]
        found = []
        for place in places:
            apart = self._to_all(self.table.iloc[[place]])
            apart[place] = np.inf
            found.append(float(apart.min()))
        return np.asarray(found)

    def note(self, step: Step, words: NearWords | None) -> Message | None:
        """How common in training what is new is."""
        known = self.table[step.column].dropna()
        if step.kind == "replace" and words is not None:
            word = plain_word(step.value)
            text = _("“{word}” stands in {n} of {all} texts")
            return say(text, word=word, n=words.counts.get(word, 0), all=words.n_texts)
        if step.kind == "value" and step.column in self.scales and len(known):
            less = float(np.mean(_numbers(known) < _numbers(pd.Series([step.value]))[0]))
            return say(_("{share} of the rows have less"), share=f"{less:.0%}")
        if step.kind == "value" and len(known):
            share = float(np.mean(known.map(_word) == _word(step.value)))
            return say(_("{share} of the rows have it"), share=f"{share:.0%}")
        return None


def _numbers(values: pd.Series) -> np.ndarray:
    """Numbers, or moments as days since 1970.  n cells  →  float (n,)"""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = (values - pd.Timestamp(0, tz=values.dt.tz)) / pd.Timedelta(days=1)
        return days.to_numpy(dtype=float)
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)


def _deviation(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    if not len(known):
        return 1.0
    mad = TO_SIGMA * float(np.median(np.abs(known - np.median(known))))
    return mad or float(known.std()) or 1.0


def _any(values: np.ndarray) -> bool:
    return bool((~np.isnan(values)).any())


def _word(value: object) -> str:
    return "" if pd.isna(value) else shown(value)
