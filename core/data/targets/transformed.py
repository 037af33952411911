"""The target as something else: its logarithm, ranges of it, or whether a cell holds one label; and rare classes.

What is chosen (`core.plan.TargetAs`) is settled once, before the folds: borders and labels are the question that is
asked, the same in every fold. The logarithm has nothing to settle; `core.fuse.logged` takes it while it is fitted.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from core.data.schema import Layout
from core.data.targets.class_names import no_label, ranges
from core.data.targets.target import list_mark
from core.messages import UnknownChoice, UnusableData, _, clip
from core.plan import TargetAs

MOST_LABELS = 30  # that are offered or named
FEWEST_SHARE = 0.5  # of the rows that a range of quantiles should have: so many at least after its border is rounded


def settled(how: TargetAs, values: pd.Series, name: str, layout: Layout | None = None) -> TargetAs:
    """The choice with all that the rows decide: borders of ranges, what parts the labels of a cell.

    values: of the rows to train on

    Raises
    ------
    UnusableData, UnknownChoice
        The cells are no numbers, some are negative, they do not spread enough, or no cell holds the label.

    Examples
    --------
    >>> settled(TargetAs(way="bins", bins=2), pd.Series([1.0, 2.0, 30.0, 40.0]), "price").edges
    [20.0]
    """
    filled = values.dropna()
    if how.way in {"log", "bins"}:
        check_numbers(values, name, how)
    if how.way == "bins" and len(filled):
        edges = _edges(how, filled.to_numpy(dtype=float), name)
        return how.model_copy(update={"edges": edges, "bins": TargetAs().bins})  # once borders are known, they say all
    if how.way == "label":
        return how.model_copy(update={"separator": _separator(how, filled, name, layout)})
    return how


def check_numbers(values: pd.Series, name: str, how: TargetAs) -> None:
    """That there are numbers to take the logarithm, or to make ranges of.

    Raises
    ------
    UnusableData
    """
    filled = values.dropna()
    if len(filled) and (not pd.api.types.is_numeric_dtype(filled) or pd.api.types.is_bool_dtype(filled)):
        raise UnusableData(
            _("“{column}” holds no numbers, so it has no logarithm and no ranges."),
            _("Predict it as classes, or choose another target."),
            column=name,
        )
    if how.way == "log" and len(filled) and float(filled.min()) < 0:
        raise UnusableData(
            _("“{column}” goes down to {low:g}; the logarithm is for numbers from 0."),
            _("Make ranges of it, or predict it as it is."),
            column=name,
            low=float(filled.min()),
        )


def recast(values: pd.Series, how: TargetAs) -> pd.Series:
    """Cells as a settled choice has them: ranges and labels by their names; all others as they are.

    Examples
    --------
    >>> recast(pd.Series([3.0, 10.0, None, 70.0]), TargetAs(way="bins", edges=[10, 50])).tolist()
    ['below 10', '10 to 50', None, '50 and more']
    >>> recast(pd.Series(["Mail, Chat", "Phone"]), TargetAs(way="label", label="Chat", separator=",")).tolist()
    ['Chat', 'not Chat']
    """
    if how.way == "bins":
        names = np.asarray(ranges(how.edges), dtype=object)
        places = np.searchsorted(np.asarray(how.edges), values.to_numpy(dtype=float, na_value=np.nan), side="right")
        made = pd.Series(names[np.minimum(places, len(names) - 1)], index=values.index, name=values.name, dtype=object)
        return made.where(values.notna(), None)
    if how.way == "label":
        held = [how.label in labels_of(cell, how.separator) for cell in values.fillna("").astype(str)]
        named = np.where(held, how.label, no_label(how.label)).astype(object)
        return pd.Series(named, index=values.index, name=values.name, dtype=object).where(values.notna(), None)
    return values


def labels_of(cell: str, separator: str) -> list[str]:
    """The labels in a cell.

    Examples
    --------
    >>> labels_of("Mail, Chat", ",")
    ['Mail', 'Chat']
    """
    return [label for piece in cell.split(separator) if (label := piece.strip())]


def known_labels(values: pd.Series, layout: Layout | None = None) -> list[str]:
    """The labels of cells that hold several, the most frequent first; none where no cell does."""
    words = values.dropna().astype(str)
    separator = mark_of(words, layout)
    if not separator:
        return []
    pieces = pd.Series([label for cell in words for label in labels_of(cell, separator)], dtype=object)
    return [str(label) for label in pieces.value_counts().index[:MOST_LABELS]]


def mark_of(words: pd.Series, layout: Layout | None) -> str:
    """What parts the labels of a cell: by the column's layout, else by its cells."""
    if layout is not None and layout.kind == "list" and layout.separator:
        return layout.separator
    return list_mark(words.value_counts())


def staying(labels: pd.Series, how: TargetAs) -> list[str]:
    """The classes with enough rows, sorted.  labels: one per row, str"""
    counts = labels.value_counts()
    return sorted(str(label) for label in counts[counts >= how.rare_below].index)


def without_rare(labels: pd.Series, how: TargetAs, kept: Collection[str]) -> pd.Series:
    """Labels of classes that do not stay are one class, or missing where their rows are left out.

    Examples
    --------
    >>> without_rare(pd.Series(["a", "b"]), TargetAs(rare="merge"), ["a"]).tolist()
    ['a', 'Other']
    """
    stays = labels.isin(list(kept)) | labels.isna()
    return labels.where(stays, how.other if how.rare == "merge" else None)


def _edges(how: TargetAs, numbers: np.ndarray, name: str) -> list[float]:
    """Borders that are said, else quantiles rounded to as few digits as keep the ranges about even."""
    if how.edges:
        return _known_edges(how.edges, numbers, name)
    raw = np.quantile(numbers, np.arange(1, how.bins) / how.bins)
    raw = np.unique(raw[raw > numbers.min()])
    if not len(raw):
        raise UnusableData(
            _("So many rows have the same “{column}” ({value:g}) that {n} ranges can't be made of it."),
            _("Say the borders yourself, or ask for fewer ranges."),
            column=name,
            value=float(pd.Series(numbers).mode().iloc[0]),
            n=how.bins,
        )
    best = np.bincount(np.searchsorted(raw, numbers, side="right"), minlength=len(raw) + 1).min()
    for digits in range(1, 16):
        rounded = np.unique([float(f"{edge:.{digits}g}") for edge in raw])
        if len(rounded) < len(raw) or rounded[0] <= numbers.min():
            continue
        counts = np.bincount(np.searchsorted(rounded, numbers, side="right"), minlength=len(rounded) + 1)
        if counts.min() >= FEWEST_SHARE * best:
            return [float(edge) for edge in rounded]
    return [float(edge) for edge in raw]


def _known_edges(edges: list[float], numbers: np.ndarray, name: str) -> list[float]:
    counts = np.bincount(np.searchsorted(np.asarray(edges), numbers, side="right"), minlength=len(edges) + 1)
    if len(numbers) and not counts.all():
        empty = ranges(edges)[int(np.argmin(counts))]
        raise UnusableData(
            _("No row has a “{column}” in the range “{range}”; it goes from {low:g} to {high:g}."),
            _("Choose other borders."),
            column=name,
            range=empty,
            low=float(numbers.min()),
            high=float(numbers.max()),
        )
    return list(edges)


def _separator(how: TargetAs, filled: pd.Series, name: str, layout: Layout | None) -> str:
    words = filled.astype(str)
    separator = how.separator or mark_of(words, layout)
    if not separator:
        raise UnusableData(
            _("The cells of “{column}” do not hold several labels, so none of them can be asked for."),
            _("Predict the column as it is."),
            column=name,
        )
    if how.label not in {label for cell in words.unique() for label in labels_of(cell, separator)}:
        raise UnknownChoice(
            _("No cell of “{column}” holds the label “{label}”."),
            _("Its labels are: {known}."),
            column=name,
            label=clip(how.label, 60),
            known=known_labels(filled, layout),
        )
    return separator
