"""Nested records made flat: `address.city` for an object within, “a, b” for a list, a number for a list of objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from core.data.delimited.typed_writer import MAX_COLUMNS
from core.messages import Message, UnreadableFile, _, _n, say

DEEPEST = 20
_SEARCHED = 6  # objects within objects, down to which a table is looked for
_ALIKE = 0.5  # share of names that objects have in common if they are the rows of a table

Record = dict[str, Any]


class Found(NamedTuple):
    """The records of a document, and where they were."""

    records: list[Record]
    place: str = ""  # “data.items”; "": the document is the list


def find_records(whole: Any) -> Found | None:
    """The table in a JSON document; None if there is none.

    A list of objects or of rows; an object of columns, or of records by their id; else the largest list of objects
    somewhere inside; else the object itself is one row.

    Examples
    --------
    >>> find_records({"meta": {"page": 1}, "data": [{"a": 1}, {"a": 2}]})
    Found(records=[{'a': 1}, {'a': 2}], place='data')
    >>> find_records({"a": [1, 2], "b": ["x", "y"]}).records
    [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]
    """
    if isinstance(whole, list):
        records = _of_list(whole)
        return None if records is None else Found(records)
    if not isinstance(whole, dict):
        return None
    for records in (_split(whole), _by_row_label(whole), _by_columns(whole)):
        if records is not None:
            return Found(records)
    lists = sorted(_lists(whole, ""), key=lambda one: -sum(map(len, one.records)))
    if lists:
        return lists[0]
    bare = any(isinstance(value, list) for value in whole.values())
    return None if bare or not whole else Found([whole])


def flat(record: Record, place: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Names and values, objects within opened; a value is a scalar, or a list that is empty or holds objects or lists.

    Examples
    --------
    >>> dict(flat({"id": 7, "address": {"city": "Rome"}, "tags": ["a", "b"]}))
    {'id': 7, 'address.city': 'Rome', 'tags': 'a, b'}

    Raises
    ------
    RecursionError
        Deeper than any table.
    """
    if depth > DEEPEST:
        raise RecursionError
    for name, value in record.items():
        whole = f"{place}.{name}" if place else name
        if isinstance(value, dict):
            yield from flat(value, whole, depth + 1)
        elif value and isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value):
            yield whole, ", ".join(text for one in value if (text := scalar(one)))
        else:
            yield whole, value


def scalar(value: Any) -> str:
    """A plain value as it is written in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", "replace").decode()


class Table(NamedTuple):
    """Flat records, the names they have, and which columns hold lists of objects."""

    names: list[str]
    rows: list[Record]
    objects: list[str]
    notes: list[Message]


def flatten(records: list[Record], objects: Literal["count", "explode"] | None, path: Path) -> Table:
    """All records flat; lists of objects as their number of entries, or one of them as a row for each entry.

    Raises
    ------
    UnreadableFile
        Too deep or too wide.
    """
    rows = [_flat_row(record, number, path) for number, record in enumerate(records, start=1)]
    entries: Counter[str] = Counter()
    for row in rows:
        for name, value in row.items():
            if isinstance(value, list) and value:
                entries[name] += len(value)
    for row in rows:  # no entries are 0 of them only where other rows have some
        row.update({name: None for name, value in row.items() if value == [] and name not in entries})
    exploded = _exploded_column(rows, entries) if objects == "explode" else ""
    if exploded:
        rows = [one for number, row in enumerate(rows, start=1) for one in _explode(row, exploded, number, path)]
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
        _check_width(len(names), path)
    counted = [name for name in entries if name in names and name != exploded]
    return Table(list(names), rows, list(entries), _notes(counted, exploded))


def _of_list(whole: list[Any]) -> list[Record] | None:
    if all(isinstance(record, dict) for record in whole):
        return whole
    if len(whole) > 1 and all(isinstance(row, list) and len(row) == len(whole[0]) for row in whole) and whole[0]:
        header = all(isinstance(name, str) for name in whole[0])
        names = whole[0] if header else [f"column_{place}" for place in range(1, len(whole[0]) + 1)]
        if len(set(names)) == len(names):
            return [dict(zip(names, row, strict=True)) for row in whole[1 if header else 0 :]]
    return None


def _split(whole: Record) -> list[Record] | None:
    """``{"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}``, as pandas writes it."""
    names, rows = whole.get("columns"), whole.get("data")
    if not (isinstance(names, list) and names and all(isinstance(name, str) for name in names)):
        return None
    if not (isinstance(rows, list) and all(isinstance(row, list) and len(row) == len(names) for row in rows)):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by_row_label(whole: Record) -> list[Record] | None:
    """An object of objects that have names in common: columns by row label, or records by id."""
    values = list(whole.values())
    if len(values) < 2 or not all(isinstance(value, dict) for value in values):
        return _of_one_column(whole)
    named = [set(value) for value in values]
    if not set.union(*named) or len(set.intersection(*named)) < _ALIKE * len(set.union(*named)):
        return None
    if all(_of_one_kind(value.values()) for value in values):
        labels = list(dict.fromkeys(label for value in values for label in value))
        return [{name: column.get(label) for name, column in whole.items()} for label in labels]
    key = "id" if not any("id" in value for value in values) else "key"
    return [{key: name, **value} for name, value in whole.items()]


def _of_one_column(whole: Record) -> list[Record] | None:
    """A table of one column by row labels 0, 1, 2, as pandas writes it."""
    if len(whole) != 1:
        return None
    name, column = next(iter(whole.items()))
    if not isinstance(column, dict) or list(column) != [str(number) for number in range(len(column))] or not column:
        return None
    return [{name: value} for value in column.values()]


def _of_one_kind(values: Any) -> bool:
    kinds = {float if type(value) is int else type(value) for value in values if value is not None}
    return len(kinds) <= 1 and not kinds & {dict, list}


def _by_columns(whole: Record) -> list[Record] | None:
    """An object of lists that are equally long."""
    values = list(whole.values())
    if not values or not all(isinstance(value, list) for value in values):
        return None
    if len({len(value) for value in values}) != 1 or (len(values) == 1 and _of_list(values[0]) is not None):
        return None
    return [dict(zip(whole, row, strict=True)) for row in zip(*values, strict=True)]


def _lists(whole: Record, place: str, depth: int = 1) -> Iterator[Found]:
    for name, value in whole.items():
        inside = f"{place}.{name}" if place else name
        if isinstance(value, dict) and depth < _SEARCHED:
            yield from _lists(value, inside, depth + 1)
        elif isinstance(value, list) and value and (records := _of_list(value)) is not None:
            yield Found(records, inside)


def _flat_row(record: Record, number: int, path: Path) -> Record:
    row: Record = {}
    try:
        for found, value in flat(record):
            name = found
            while name in row:  # "a.b" beside {"a": {"b": …}}
                name += "_2"
            row[name] = value
    except RecursionError:
        raise UnreadableFile(
            _("Record {number} of “{file}” has objects in objects, more than {most} deep."),
            _("Export the part of it that is a table."),
            file=path.name,
            number=number,
            most=DEEPEST,
        ) from None
    _check_width(len(row), path)
    return row


def _exploded_column(rows: list[Record], entries: Counter[str]) -> str:
    """The list of objects with the most entries."""
    of_objects = {
        name for row in rows for name, value in row.items()
        if isinstance(value, list) and any(isinstance(one, dict) for one in value)
    }  # fmt: skip
    return max(of_objects, key=lambda name: (entries[name], name), default="")


def _explode(row: Record, name: str, number: int, path: Path) -> Iterator[Record]:
    value = row.get(name)
    rest = {other: one for other, one in row.items() if other != name}
    if not isinstance(value, list) or not value:
        yield rest
        return
    for entry in value:
        inner = entry if isinstance(entry, dict) else {"value": entry}
        yield {**rest, **_flat_row({name: inner}, number, path)}


def _check_width(n_columns: int, path: Path) -> None:
    if n_columns > MAX_COLUMNS:
        raise UnreadableFile(
            _("The records of “{file}” have more than {most} different names; that is no table."),
            _("Remove what you don't need, or export it in another form."),
            file=path.name,
            most=MAX_COLUMNS,
        )


def _notes(counted: list[str], exploded: str) -> list[Message]:
    notes = []
    if exploded:
        notes.append(say(_("Each entry of “{column}” is a row; the other columns repeat."), column=exploded))
    return notes + counted_note(counted)


def counted_note(columns: list[str]) -> list[Message]:
    """What became of lists of objects that were not opened."""
    if not columns:
        return []
    sentence = _n(
        "{n} column holds lists of objects, and became how many there are: {columns}.",
        "{n} columns hold lists of objects, and became how many there are: {columns}.",
    )
    return [say(sentence, n=len(columns), columns=columns[:12])]
