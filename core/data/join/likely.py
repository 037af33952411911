"""The columns of two tables that look most like one key: the same name, most values in common, no repeats."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from core.data.join.keys import keys

LOOKED_AT = 20_000  # rows of the table
MOST_COLUMNS = 60  # of each table
SAME_NAME = 0.5
NUMBERS = 0.4  # whole numbers are often found among other whole numbers by chance


@dataclass(frozen=True)
class _Side:
    name: str
    values: frozenset[str]
    unique: float  # share of the filled rows that have a value of their own
    words: bool


def likely(table: pa.Table, other: pa.Table) -> tuple[str, str]:
    """The likeliest key of each: by the share of the table's values that the other one has, there best only once.

    Where no columns have values in common, two of the same name, else the first of each.

    Examples
    --------
    >>> shops = pa.table({"size": [1, 2, 3], "town": ["Oslo", "Rome", "Oslo"]})
    >>> towns = pa.table({"rank": [1, 2, 3], "name": ["Rome", "oslo", "Bern"]})
    >>> likely(shops, towns)
    ('town', 'name')
    """
    mine, theirs = _sides(table.slice(0, LOOKED_AT)), _sides(other)
    best, found = 0.0, _by_name(table.column_names, other.column_names)
    for one in mine:
        for two in theirs:
            score = _score(one, two)
            if score > best:
                best, found = score, (one.name, two.name)
    return found


def _score(one: _Side, two: _Side) -> float:
    common = len(one.values & two.values)
    if not common:
        return 0.0
    by_values = common / len(one.values) * two.unique * (1.0 if one.words and two.words else NUMBERS)
    return by_values + (SAME_NAME if _folded(one.name) == _folded(two.name) else 0.0)


def _sides(table: pa.Table) -> list[_Side]:
    """The columns that may be a key: words, whole numbers, dates, of more than one value."""
    found = []
    for name in table.column_names[:MOST_COLUMNS]:
        column = table[name]
        if pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
            continue
        known = keys(column, as_numbers=True, ignore_case=True)
        if len(known.values) > 1:
            filled = int((known.codes >= 0).sum())
            words = not pa.types.is_integer(column.type)
            found.append(_Side(name, frozenset(known.values), len(known.values) / filled, words))
    return found


def _by_name(names: list[str], others: list[str]) -> tuple[str, str]:
    folded = {_folded(name): name for name in reversed(others)}
    same = next((name for name in names if _folded(name) in folded), None)
    return (same, folded[_folded(same)]) if same is not None else (names[0], others[0])


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
