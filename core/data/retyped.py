"""Tables that came with types of their own: single columns read by what a person, or a model, says of their cells."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.delimited.typed_writer import ROWS_PER_GROUP, Sink
from core.data.schema import ReadOptions
from core.data.values.convert import columns_of
from core.data.values.stored import layouts_of, with_layouts
from core.data.values.strings import as_strings
from core.messages import Message


def retype(path: Path, options: ReadOptions) -> list[Message]:
    """Read columns of a Parquet file in `path` as strings, and those by `options`; others stay.  →  notes

    What a model says of a column goes for words only: a number needs no reading.

    Raises
    ------
    UnreadableFile
        A cell contradicts the layout that its column must have.
    """
    chosen = [field.name for field in pq.read_schema(path) if _is_chosen(field, options)]
    if not chosen:
        return []
    table = pq.read_table(path)
    part = path.with_name(path.name + ".retyped")
    try:
        with Sink(chosen, part, options) as sink:
            sink.add([as_strings(table[name]).combine_chunks() for name in chosen])
            notes = sink.finish()
        read = pq.read_table(part)
    finally:
        part.unlink(missing_ok=True)
    columns = {}
    for name in table.column_names:
        made = [new for new, _old in columns_of(name, sink.layouts[name])] if name in chosen else []
        columns.update({new: read[new] for new in made} or {name: table[name]})
    found = pa.table(columns)
    schema = with_layouts(found.schema, layouts_of(path) | sink.layouts)
    pq.write_table(found.cast(schema), path, compression="zstd", row_group_size=ROWS_PER_GROUP)
    return notes


def _is_chosen(field: pa.Field, options: ReadOptions) -> bool:
    words = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    return field.name in options.kinds or (words and field.name in {*options.layouts, *options.one_spelling})
