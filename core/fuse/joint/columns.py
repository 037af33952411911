"""Columns that are not texts as arrays for a network: fitted on training rows, ready for gaps and unseen values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from core.fuse.columns import MISSING, Dates, as_numbers, as_words

MOST_BINS = 16
ROWS_PER_BIN = 8
MOST_VALUES = 1000
UNKNOWN, GAP = 0, 1  # indices of a value that training hardly knew, and of none
DATE_NUMBERS = 9  # what `Dates` makes of one date


@dataclass(frozen=True)
class Sizes:
    """What a network must know about the arrays: columns of each kind."""

    n_numbers: int
    n_pieces: int  # of each number
    n_values: tuple[int, ...]  # of each category, unknown and missing included
    n_dates: int

    @property
    def n_columns(self) -> int:
        return self.n_numbers + len(self.n_values) + self.n_dates


@dataclass(frozen=True)
class Arrays:
    """n rows."""

    numbers: np.ndarray  # float32 (n, numbers, pieces)
    categories: np.ndarray  # int64 (n, categories)
    dates: np.ndarray  # float32 (n, dates, 9)


class ColumnArrays(TransformerMixin, BaseEstimator):
    """Numbers in pieces between their quantiles, categories as indices, dates as nine numbers.

    A missing number takes the median and is marked in its last piece; a category seen once in training, or never, is
    the unknown one, so that what unknown means is learned; a missing category is a value of its own.

    Parameters
    ----------
    numbers, categories, dates : list of str
        Names of columns.

    Attributes
    ----------
    edges_ : list of arrays
        Per number column its quantiles, rising, two at least.
    medians_ : array, shape (numbers,)
    values_ : list of list of str
        Per category column the values with an index of their own.
    dates_ : list of Dates, fitted
    """

    def __init__(self, numbers: list[str], categories: list[str], dates: list[str]) -> None:
        self.numbers = numbers
        self.categories = categories
        self.dates = dates

    def fit(self, frame: pd.DataFrame, y: object = None) -> ColumnArrays:
        """Learn quantiles, values and days."""
        values = as_numbers(frame[self.numbers])
        self.edges_ = [_edges(column[~np.isnan(column)]) for column in values.T]
        known = [column[~np.isnan(column)] for column in values.T]
        self.medians_ = np.array([np.median(column) if len(column) else 0.0 for column in known])
        self.values_ = []
        for name in self.categories:
            counts = pd.Series(as_words(frame[[name]])).value_counts()
            usual = counts[counts > 1].index[:MOST_VALUES]
            self.values_.append(sorted(str(value) for value in usual if value != MISSING))
        self.dates_ = [Dates().fit(frame[[name]]) for name in self.dates]
        return self

    def transform(self, frame: pd.DataFrame) -> Arrays:
        """n rows  →  arrays."""
        check_is_fitted(self, "edges_")
        sizes, values = self.sizes(), as_numbers(frame[self.numbers])
        numbers = np.zeros((len(frame), sizes.n_numbers, sizes.n_pieces), dtype=np.float32)
        for place, edges in enumerate(self.edges_):
            gaps = np.isnan(values[:, place])
            made = pieces(np.where(gaps, self.medians_[place], values[:, place]), edges)
            numbers[:, place, : made.shape[1]] = made
            numbers[:, place, -1] = gaps
        categories = np.zeros((len(frame), len(self.values_)), dtype=np.int64)
        for place, (name, usual) in enumerate(zip(self.categories, self.values_, strict=True)):
            index = {value: number for number, value in enumerate(usual, start=2)} | {MISSING: GAP}
            categories[:, place] = [index.get(word, UNKNOWN) for word in as_words(frame[[name]])]
        made_dates = [maker.transform(frame[[name]]) for name, maker in zip(self.dates, self.dates_, strict=True)]
        dates = np.stack(made_dates, axis=1) if made_dates else np.zeros((len(frame), 0, DATE_NUMBERS))
        return Arrays(numbers, categories, dates.astype(np.float32))

    def sizes(self) -> Sizes:
        """How large the arrays are."""
        most = max((len(edges) - 1 for edges in self.edges_), default=0)
        return Sizes(len(self.edges_), most + 1, tuple(len(usual) + 2 for usual in self.values_), len(self.dates_))


def pieces(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The piecewise-linear encoding: how far a number has filled each bin between two edges.

    For the bin from b to b′ it is (x − b) / (b′ − b), at least 0 but in the first bin, at most 1 but in the last; the
    ends go on for one bin width and no further.  values (n,), edges (bins + 1,)  →  (n, bins)

    References
    ----------
    Gorishniy et al., "On Embeddings for Numerical Features in Tabular Deep Learning", NeurIPS 2022, equation 1.
    """
    filled = (values[:, None] - edges[:-1]) / np.diff(edges)
    low, high = np.zeros(len(edges) - 1), np.ones(len(edges) - 1)
    low[0], high[-1] = -1.0, 2.0
    return np.clip(filled, low, high)


def _edges(known: np.ndarray) -> np.ndarray:
    if len(known) == 0:
        return np.array([0.0, 1.0])
    n_bins = int(np.clip(len(known) // ROWS_PER_BIN, 1, MOST_BINS))
    found = np.unique(np.quantile(known, np.linspace(0, 1, n_bins + 1)))
    apart = np.concatenate([[True], np.diff(found) > 1e-9 * max(1.0, float(np.abs(found).max()))])
    found = found[apart]
    return found if len(found) > 1 else np.array([found[0], found[0] + 1.0])
