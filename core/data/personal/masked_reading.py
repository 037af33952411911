"""What is said of a reading without cells of masked columns: its notes, rejected lines and how cells are written."""

from __future__ import annotations

from typing import Any

from core.data.personal.masking import mask_cells, mask_text
from core.data.schema import Column, Layout, Reading, RejectedLine, Schema
from core.messages import Message

HIDDEN = "…"
_NAMING = frozenset({"column", "columns", "file"})  # parameters of sentences that are no cells


def masked_reading(reading: Reading, schema: Schema) -> Reading:
    """The same reading to be shown: pseudonyms stand in it as they do in the table.

    Where no column is masked it comes back as it is. A sentence about a masked column has pseudonyms for its examples;
    one about whole rows has them for what can be found in it. A rejected line is hidden if a masked column is nothing
    but personal data, since it can't be told which part of the line that is.
    """
    masked = {column.name: column for column in schema.columns if column.masked and column.personal}
    if not masked:
        return reading
    personal = next(column.personal for column in masked.values() if column.personal)
    alone = any(column.personal.alone for column in masked.values() if column.personal)
    by_source = masked | {column.source: column for column in masked.values() if column.source}
    return reading.model_copy(
        update={
            "notes": [_note(note, by_source, personal.key) for note in reading.notes],
            "rejected": [_line(line, personal.key, hidden=alone) for line in reading.rejected],
            "layouts": {name: _layout(one, by_source.get(name)) for name, one in reading.layouts.items()},
        }
    )


def masked_layout(column: Column) -> Column:
    """A column whose layout keeps no raw cell, if it is masked."""
    if not column.masked or column.layout is None:
        return column
    return column.model_copy(update={"layout": _layout(column.layout, column)})


def _layout(layout: Layout, column: Column | None) -> Layout:
    if column is None or column.personal is None or not layout.unread:
        return layout
    return layout.model_copy(update={"unread": mask_cells(layout.unread, column.personal)})


def _line(line: RejectedLine, key: str, *, hidden: bool) -> RejectedLine:
    return line.model_copy(update={"start": HIDDEN if hidden else mask_text(line.start, key)})


def _note(note: Message, masked: dict[str, Column], key: str) -> Message:
    column = masked.get(str(note.params.get("column", "")))
    return note.model_copy(update={"params": {name: _value(name, it, column, key) for name, it in note.params.items()}})


def _value(name: str, value: Any, column: Column | None, key: str) -> Any:
    """A parameter of a sentence, in which texts and lists of them are masked."""
    if name in _NAMING or isinstance(value, Message):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return mask_cells(value, column.personal) if column and column.personal else [mask_text(x, key) for x in value]
    return mask_text(value, key) if isinstance(value, str) else value
