"""The raw rows of a file whose table has masked columns: pseudonyms stand in them, too."""

from __future__ import annotations

from functools import lru_cache, partial

from core.data.personal.masked_rows import Masked, masked_rows
from core.data.schema import Reading
from core.data.table_area.raw_rows import Preview
from core.data.values.strings import strings_of
from core.workspace import DatasetRow
from pages.data.reading.area import Hide
from pages.shared import state


def hide(row: DatasetRow, reading: Reading) -> Hide:
    """What puts them there."""
    return partial(_hidden, row.id, reading)


def _hidden(dataset: str, reading: Reading, shown: Preview) -> Preview:
    schema = state.schema(dataset)
    masked: list[Masked] = []
    for column in schema.columns if schema else []:
        if column.masked and column.personal is not None:
            cells = _cells(dataset, state.table_version(dataset), column.source or column.name)
            masked.append((column.personal, cells))
    return masked_rows(shown, reading, masked)


@lru_cache(maxsize=16)
def _cells(dataset: str, version: int, name: str) -> frozenset[str]:
    """The first cells of a column as the file has them, once per version of the table."""
    cells = strings_of(state.folder(dataset) / "table.parquet", name)
    return frozenset(cells.drop_null().unique().to_pylist())
