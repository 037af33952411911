"""The short way through a large delimited file: one pass, with types found in its first block.

Each later block is checked against them; where one does not fit, `Changed` sends the reader the long way, which looks
at the whole column before it decides. Both ways end in the same table.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.types import ColumnType

MIN_BYTES = 8 << 20
ROWS_PER_GROUP = 1 << 16
_BLOCK = 1 << 20
_LONGEST = 10**17  # whole numbers of more digits are names


class Changed(Exception):
    """A later block has values of another kind than the first."""


def direct_types(types: list[ColumnType], padded: bool) -> dict[str, pa.DataType]:
    """The type the parser itself can make of each column; strings where a closer look is needed."""
    return {column.name: column.arrow if _direct(column, padded) else pa.string() for column in types}


def typed(batch: pa.RecordBatch, types: list[ColumnType], padded: bool) -> list[pa.Array]:
    """A block as the parser left it, with the closer look where that is needed.

    Raises
    ------
    Changed
    """
    return [
        _finished(array) if _direct(column, padded) else _looked(array, column)
        for array, column in zip(batch.columns, types, strict=True)
    ]


def padded_numbers(path: Path, delimiter: str, quote: str) -> bool:
    """Whether any value of the file starts like 007 or 0x1A: then the parser's own whole numbers are not to be trusted.

    Looks at the bytes right after a delimiter, a quote or a line break, so it may say yes where it is a text's own.
    """
    before = np.zeros(256, dtype=bool)
    before[[ord(mark) for mark in (delimiter, quote, "\n", "\r") if mark]] = True
    after = np.zeros(256, dtype=bool)
    after[[ord(mark) for mark in "0123456789xX"]] = True
    with path.open("rb") as file:
        rest = b"\n"
        while block := file.read(_BLOCK):
            letters = np.frombuffer(rest + block, dtype=np.uint8)
            zeros = np.flatnonzero(letters[1:-1] == ord("0"))
            zeros = zeros[before[letters[zeros]]]
            if after[letters[zeros + 2]].any():
                return True
            rest = block[-2:]
    return False


def _direct(column: ColumnType, padded: bool) -> bool:
    if column.kind == "integer":
        return not padded
    return column.kind in ("float", "text") or (column.kind == "date" and column.formats == ["ISO8601"])


def _finished(array: pa.Array) -> pa.Array:
    if pa.types.is_integer(array.type) and _too_long(array):
        raise Changed
    if pa.types.is_floating(array.type) and not pc.all(pc.is_finite(array)).as_py():
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

    def __init__(self, path: Path, schema: pa.Schema, words: Iterable[str]) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=list(words))
        self._schema = schema
        self._waiting: queue.Queue[pa.Table | None] = queue.Queue(maxsize=1)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._held: list[pa.RecordBatch] = []
        self._thread.start()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *error: object) -> None:
        if self._held and error[0] is None:
            self._waiting.put(pa.Table.from_batches(self._held, self._schema))
        self._waiting.put(None)
        self._thread.join()
        self._writer.close()
        if self._error is not None and error[0] is None:
            raise self._error

    def write(self, arrays: list[pa.Array]) -> None:
        """Take a block."""
        self._held.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        if sum(batch.num_rows for batch in self._held) >= ROWS_PER_GROUP or len(self._held) >= 4:
            self._waiting.put(pa.Table.from_batches(self._held, self._schema))
            self._held = []

    def _work(self) -> None:
        while (table := self._waiting.get()) is not None:
            if self._error is not None:
                continue
            try:
                self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)
            except Exception as error:  # raised where the blocks come from, on leaving
                self._error = error


def repeating(batch: pa.RecordBatch, kinds: dict[str, pa.DataType]) -> list[str]:
    """String columns whose values repeat: those are worth a dictionary in the file."""
    return [
        name
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if kinds[name] == pa.string() and pc.count_distinct(column).as_py() < 0.2 * batch.num_rows
    ]
