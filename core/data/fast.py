"""The short way through a large delimited file: one pass, with types found in its first rows.

Each later block is checked against them; where one does not fit, `Changed` sends the reader the long way, which looks
at the whole column before it decides. Both ways end in the same table.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.types import ColumnType

MIN_BYTES = 8 << 20
ROWS_PER_GROUP = 1 << 16
BLOCKS_PER_GROUP = 8
_LONGEST = 10**17  # whole numbers of more digits are names


class Changed(Exception):
    """A later block has values of another kind than the first rows."""


def direct_types(types: list[ColumnType]) -> dict[str, pa.DataType]:
    """The type the parser itself can make of each column; strings where a closer look is needed."""
    return {column.name: column.arrow if _direct(column) else pa.string() for column in types}


def typed(batch: pa.RecordBatch, types: list[ColumnType]) -> list[pa.Array]:
    """A block as the parser left it, with the closer look where that is needed.

    Raises
    ------
    Changed
    """
    return [_typed(array, column) for array, column in zip(batch.columns, types, strict=True)]


def _direct(column: ColumnType) -> bool:
    """Whole numbers are not among them: the parser takes 007 and 0x1A for numbers."""
    return column.kind in ("float", "text") or (column.kind == "date" and column.formats == ["ISO8601"])


def _typed(array: pa.Array, column: ColumnType) -> pa.Array:
    if _direct(column):
        return _finished(array)
    if column.kind == "integer" and (numbers := _plain_integers(array)) is not None:
        return _finished(numbers)
    return _looked(array, column)


def _plain_integers(array: pa.Array) -> pa.Array | None:
    """Whole numbers, if all the strings are such and none begins like 007 or 0x1A."""
    try:
        numbers = pc.cast(array, pa.int64())
    except pa.ArrowInvalid:
        return None
    zero = array.filter(pc.or_(pc.starts_with(array, "0"), pc.starts_with(array, "-0")))
    return None if pc.any(pc.match_substring_regex(zero, "^-?0.")).as_py() else numbers


def _finished(array: pa.Array) -> pa.Array:
    if pa.types.is_integer(array.type) and _too_long(array):
        raise Changed
    if pa.types.is_floating(array.type) and not math.isfinite(pc.sum(array).as_py() or 0.0):
        return pc.if_else(pc.is_finite(array), array, pa.scalar(None, array.type))
    return array


def _too_long(array: pa.Array) -> bool:
    ends = pc.min_max(array)
    return any(end is not None and abs(end) >= _LONGEST for end in (ends["min"].as_py(), ends["max"].as_py()))


def _looked(array: pa.Array, column: ColumnType) -> pa.Array:
    before = column.kind, column.formats
    column.see(array)
    if (column.kind, column.formats) != before:
        raise Changed(column.name)
    return column.convert(array)


class Writer:
    """A Parquet file written by a thread of its own, so that parsing goes on meanwhile; few blocks wait at a time."""

    def __init__(self, path: Path, types: list[ColumnType], words: Iterable[str]) -> None:
        self._types = types
        self._schema = pa.schema([(column.name, column.arrow) for column in types])
        self._writer = pq.ParquetWriter(path, self._schema, compression="lz4", use_dictionary=list(words))
        self._waiting: queue.Queue[pa.RecordBatch | None] = queue.Queue(maxsize=2)
        self._held: list[pa.RecordBatch] = []
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *error: object) -> None:
        self._waiting.put(None)
        self._thread.join()
        if self._held and self._error is None and error[0] is None:
            self._write_held()
        self._writer.close()
        if self._error is not None and error[0] is None:
            raise self._error

    def write(self, batch: pa.RecordBatch) -> None:
        """Take a block as the parser left it.

        Raises
        ------
        Changed
            An earlier block did not fit.
        """
        if self._error is not None:
            raise self._error
        self._waiting.put(batch)

    def _work(self) -> None:
        while (batch := self._waiting.get()) is not None:
            if self._error is None:
                try:
                    self._take(batch)
                except Exception as error:  # raised where the blocks come from
                    self._error = error

    def _take(self, batch: pa.RecordBatch) -> None:
        self._held.append(pa.RecordBatch.from_arrays(typed(batch, self._types), schema=self._schema))
        if len(self._held) >= BLOCKS_PER_GROUP or sum(block.num_rows for block in self._held) >= ROWS_PER_GROUP:
            self._write_held()

    def _write_held(self) -> None:
        table = pa.Table.from_batches(self._held, self._schema)
        self._held = []
        self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)


def repeating(batch: pa.RecordBatch, kinds: dict[str, pa.DataType]) -> list[str]:
    """String columns whose values repeat: those are worth a dictionary in the file."""
    return [
        name
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if kinds[name] == pa.string() and pc.count_distinct(column).as_py() < 0.2 * batch.num_rows
    ]
