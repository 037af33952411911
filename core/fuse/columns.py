"""Columns that are not texts become numbers: fitted in the fold, ready for gaps and for values never seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.validation import check_is_fitted

from core.data.values.lists import items
from core.messages import MismatchedTable, _, clip

MISSING = "(missing)"
FEW = 40  # categories get a feature each up to this many; beyond, the spelling is used too
PIECES = 64  # numbers for a category's spelling
FAR = 1e4  # interquartile ranges from the median; farther numbers are mistakes, or stand for "unknown"
FAINT = (
    0.3  # weight of a column of many values, so that a linear model leans on it less (measured: +1.6 points on tweets)
)
DAY_MICROSECONDS = 86_400_000_000
MISFITS = {
    "number": _("Column “{column}” holds numbers, but row {row} says “{value}”."),
    "date": _("Column “{column}” holds dates, but row {row} says “{value}”."),
}


class Numbers(TransformerMixin, BaseEstimator):
    """Number columns: gaps filled with the median and marked, then scaled to mean 0 and deviation 1.

    A value far out (10,000 interquartile ranges from the median, or 10,000 times the largest where the quartiles are
    alike) counts as that far, or one cell of 1e200 would make all others alike.

    Attributes
    ----------
    medians_, means_, deviations_ : arrays, shape (d,)
    lowest_, highest_ : arrays, shape (d,)
    marked_ : int array
        Places of the columns that had gaps in training; each gets one more feature, 1 where the value is missing.
    """

    def fit(self, frame: pd.DataFrame, y: object = None) -> Numbers:
        """Learn medians, means and deviations."""
        values = as_numbers(frame)
        gaps = np.isnan(values)
        filled = np.where(gaps.all(axis=0), 0.0, values)
        units = np.nanmax(np.abs(filled), axis=0, initial=0.0)
        units = np.where(units > 0, units, 1.0)
        filled = filled / units  # so that no sum or square is endless, or 0
        low, medians, high = np.nanquantile(filled, [0.25, 0.5, 0.75], axis=0)
        reach = FAR * (high - low)
        self.medians_ = medians * units
        with np.errstate(over="ignore"):
            self.lowest_ = np.where(reach > 0, medians - reach, -FAR) * units
            self.highest_ = np.where(reach > 0, medians + reach, FAR) * units
        filled = np.clip(np.where(gaps, medians, filled), self.lowest_ / units, self.highest_ / units)
        self.means_ = filled.mean(axis=0) * units
        deviations = filled.std(axis=0)
        varied = deviations > 1e-12 * np.abs(filled).max(axis=0, initial=0.0)
        self.deviations_ = np.where(varied, deviations * units, 1.0)
        self.marked_ = np.flatnonzero(gaps.any(axis=0))
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """n rows of d columns  →  float64 (n, d + number of marked columns)."""
        check_is_fitted(self, "medians_")
        values = as_numbers(frame)
        gaps = np.isnan(values)
        filled = np.where(gaps, self.medians_, values)
        if hasattr(self, "lowest_"):  # not in bundles of before
            filled = np.clip(filled, self.lowest_, self.highest_)
        scaled = 2 * ((filled / 2 - self.means_ / 2) / self.deviations_)  # by halves: a difference may be endless
        return np.hstack([scaled, gaps[:, self.marked_].astype(np.float64)])


class Category(TransformerMixin, BaseEstimator):
    """One category column: a feature per frequent value, and, where there are many values, their spelling.

    A missing value is a category of its own; a value never seen in training has no feature but its spelling.

    Parameters
    ----------
    levels : list of str, optional
        Of an ordered scale, the lowest first: where a value stands on it is one more feature, from 0 to 1, the middle
        for values that are not on it.
    separator : str
        Between the items of a list: each item has its feature, a cell as many as it has items.

    Attributes
    ----------
    values_ : list of str
        Values seen in training, or items, most frequent first, at most 1,000.

    Examples
    --------
    >>> Category(levels=["low", "high"]).fit_transform(pd.DataFrame({"risk": ["high", "low"]})).tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    >>> Category(separator=",").fit_transform(pd.DataFrame({"used": ["mail, chat", "mail"]})).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """

    levels: list[str] | None = None  # in bundles of before
    separator: str = ""

    def __init__(self, levels: list[str] | None = None, separator: str = "") -> None:
        self.levels = levels
        self.separator = separator

    def fit(self, frame: pd.DataFrame, y: object = None) -> Category:
        """Learn the values."""
        words = self._items(as_words(frame))[0] if self.separator else as_words(frame)
        counts = pd.Series(words).value_counts()
        self.values_ = [str(value) for value in counts.index[:1000]]
        self.onehot_ = OneHotEncoder(
            handle_unknown="ignore", categories=[np.asarray(sorted(self.values_[:FEW]), dtype=object)]
        )
        self.onehot_.fit(self._column(self.values_[:1]))
        self.spelled_ = len(counts) > FEW and not self.separator
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """n values  →  float64 (n, features)."""
        check_is_fitted(self, "onehot_")
        words = as_words(frame)
        parts = [self._hot(words)]
        if self.levels:
            parts.append(self._rank(words, self.levels))
        if self.spelled_:
            pieces = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=PIECES)
            parts.append(pieces.transform(words).toarray())
        return np.hstack(parts) * (FAINT if self.spelled_ else 1.0)

    def _hot(self, words: list[str]) -> np.ndarray:
        if not self.separator:
            return np.asarray(self.onehot_.transform(self._column(words)).toarray())
        cells, rows = self._items(words)
        found = np.zeros((len(words), len(self.onehot_.categories_[0])))
        np.add.at(found, rows, self.onehot_.transform(self._column(cells)).toarray())
        return found

    def _items(self, words: list[str]) -> tuple[list[str], np.ndarray]:
        """All items of all cells, and the row of each."""
        cells = [items(word, self.separator) or [MISSING] for word in words]
        rows = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
        return [item for cell in cells for item in cell], rows

    def _rank(self, words: list[str], levels: list[str]) -> np.ndarray:
        steps = {level: place / max(len(levels) - 1, 1) for place, level in enumerate(levels)}
        return np.asarray([[steps.get(word, 0.5)] for word in words])

    def _column(self, words: list[str]) -> np.ndarray:
        return np.asarray(words, dtype=object).reshape(-1, 1)


class Dates(TransformerMixin, BaseEstimator):
    """One date column: days since the first training date, year, and month, weekday and hour on their circles.

    Missing dates take the median day and are marked.
    """

    def fit(self, frame: pd.DataFrame, y: object = None) -> Dates:
        """Learn the first and the median day, and the spread."""
        days = as_days(frame)
        known = days[~np.isnan(days)]
        self.median_ = float(np.median(known)) if len(known) else 0.0
        self.spread_ = float(known.std()) if len(known) and known.std() > 0 else 1.0
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """n dates  →  float64 (n, 9)."""
        check_is_fitted(self, "median_")
        days = as_days(frame)
        gaps = np.isnan(days)
        days = np.where(gaps, self.median_, days)
        stamps = pd.DatetimeIndex((days * DAY_MICROSECONDS).astype("int64").astype("datetime64[us]"))
        circles = []
        for value, period in ((stamps.month - 1, 12), (stamps.dayofweek, 7), (stamps.hour, 24)):
            angle = 2 * np.pi * np.asarray(value, dtype=float) / period
            circles += [np.sin(angle), np.cos(angle)]
        year = (np.asarray(stamps.year, dtype=float) - 2000) / 10
        return np.column_stack([(days - self.median_) / self.spread_, year, *circles, gaps.astype(float)])


class Dense(TransformerMixin, BaseEstimator):
    """Sparse features written out, for models that can't take them as they are."""

    def fit(self, X: Any, y: object = None) -> Dense:
        """Nothing is learned."""
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """(n, d) of any kind  →  float32 (n, d) dense."""
        return np.asarray(X.toarray() if hasattr(X, "toarray") else X, dtype=np.float32)


_SHARED: ContextVar[dict[Any, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within this block, text columns share what equal encoders that learn nothing make of the same texts."""
    token = _SHARED.set({})
    try:
        yield
    finally:
        _SHARED.reset(token)


class TextColumn(TransformerMixin, BaseEstimator):
    """A text encoder for a frame of one column.

    Parameters
    ----------
    encoder : transformer
        Takes an array of str or None.

    Attributes
    ----------
    encoder_ : the fitted encoder
    n_features_out_ : int
    """

    def __init__(self, encoder: BaseEstimator) -> None:
        self.encoder = encoder

    def fit(self, frame: pd.DataFrame, y: object = None) -> TextColumn:
        """Fit the encoder on these texts alone; y: class numbers or numbers, for an encoder that is tuned on them."""
        self.fit_transform(frame, y)
        return self

    def fit_transform(self, frame: pd.DataFrame, y: object = None) -> Any:
        """Fit the encoder and encode."""
        self.encoder_ = clone(self.encoder)
        rows = self.encoder_.fit_transform(self.texts(frame), y)
        self.n_features_out_ = rows.shape[1]
        return rows

    def transform(self, frame: pd.DataFrame) -> Any:
        """n texts  →  (n, features), sparse or dense as the encoder makes them."""
        check_is_fitted(self, "encoder_")
        texts, shared = self.texts(frame), _SHARED.get()
        if shared is None or not getattr(self.encoder_, "label_free", False):
            return self.encoder_.transform(texts)
        key = (type(self.encoder_).__name__, repr(sorted(vars(self.encoder_).items())), tuple(texts))
        if key not in shared:
            shared[key] = self.encoder_.transform(texts)
        return shared[key]

    def texts(self, frame: pd.DataFrame) -> np.ndarray:
        """The texts to encode: str or None, shape (n,)."""
        return as_texts(frame)

    def column(self, columns: list[str]) -> str:
        """What the encoder is called by: the column it reads."""
        return str(columns[0])


def as_numbers(frame: pd.DataFrame) -> np.ndarray:
    """Values as float64 (n, d), NaN where missing.

    Raises
    ------
    MismatchedTable
        A filled cell is not a number.
    """
    columns = []
    for name in frame.columns:
        column = frame[name]
        if not pd.api.types.is_numeric_dtype(column):
            if (place := misfit(column, "number")) is not None:
                raise MismatchedTable(
                    MISFITS["number"],
                    _("Correct the value or leave the cell empty."),
                    column=str(name),
                    row=row_of(frame, place),
                    value=clip(str(column.iloc[place])),
                )
            column = pd.to_numeric(column, errors="coerce")
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        columns.append(np.where(np.isfinite(values), values, np.nan))
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))


def misfit(column: pd.Series, role: Literal["number", "date"]) -> int | None:
    """Place of the first filled cell that is no number, or no date; None where all are."""
    if role == "number" and pd.api.types.is_numeric_dtype(column):
        return None
    read = pd.to_numeric(column, errors="coerce") if role == "number" else _stamps(column)
    bad = (read.isna() & column.notna()).to_numpy()
    return int(bad.argmax()) if bad.any() else None


def row_of(frame: pd.DataFrame, place: int) -> int:
    """The number of a row as a person counts, from 1: of the whole table, where these rows are a part of it."""
    label = frame.index[place]
    return int(label if isinstance(label, int | np.integer) and label >= 0 else place) + 1


def _stamps(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, errors="coerce", format=None if len(column) < 2 else "mixed", utc=True)


def as_words(frame: pd.DataFrame) -> list[str]:
    """One column's values as words; whole numbers without a decimal point, missing ones as `MISSING`."""
    return [word(value) for value in frame.iloc[:, 0].tolist()]


def word(value: Any) -> str:
    """A cell as the name of a category or class: ``1.0`` → ``"1"``, missing → `MISSING`."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return MISSING
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_days(frame: pd.DataFrame) -> np.ndarray:
    """One column's dates as days since 1970, NaN where missing.

    Raises
    ------
    MismatchedTable
        A filled cell is not a date.
    """
    column = frame.iloc[:, 0]
    if (place := misfit(column, "date")) is not None:
        raise MismatchedTable(
            MISFITS["date"],
            _("Write dates like 2024-05-31 or leave the cell empty."),
            column=str(frame.columns[0]),
            row=row_of(frame, place),
            value=clip(str(column.iloc[place])),
        )
    stamps = _stamps(column)
    microseconds = stamps.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    days = microseconds.astype("int64") / DAY_MICROSECONDS
    return np.where(np.isnat(microseconds), np.nan, days)


def as_texts(frame: pd.DataFrame) -> np.ndarray:
    """One column's texts as an object array, None where missing."""
    column = frame.iloc[:, 0]
    return np.asarray([None if gap else str(value) for value, gap in zip(column, column.isna(), strict=True)], object)
