"""Cells as they stood in the file: the first rows of columns that are no text, kept beside the table.

They show what another kind would make of a column. The cells of a text column are their own strings, and so are those
of a table that came with numbers and dates of its own, nearly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.schema import Layout

FIRST_ROWS = 20_000  # a page has what becomes of so many cells within a second or two
_FILE = "strings.parquet"


def keep_strings(strings: pa.Table, layouts: Mapping[str, Layout], table_path: Path) -> None:
    """Write the strings of columns that are no text beside the table."""
    kept = [name for name, layout in layouts.items() if layout.kind not in ("text", "empty")]
    if kept:
        pq.write_table(strings.select(kept).slice(0, FIRST_ROWS), table_path.with_name(_FILE), compression="zstd")


def strings_of(table_path: Path, column: str) -> pa.ChunkedArray:
    """The first cells of a column of the file as strings."""
    kept = table_path.with_name(_FILE)
    if kept.exists() and column in pq.read_schema(kept).names:
        return pq.read_table(kept, columns=[column])[column]
    return as_strings(pq.ParquetFile(table_path).read_row_group(0, columns=[column])[column].slice(0, FIRST_ROWS))


def as_strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values of a typed column as a program would write them; days without a time."""
    if not pa.types.is_timestamp(column.type):
        return pc.cast(column, pa.string())
    days = pc.strftime(column, format="%Y-%m-%d")
    return pc.if_else(pc.equal(column, pc.floor_temporal(column, unit="day")), days, pc.cast(column, pa.string()))
