"""The short way through a large delimited file: one pass, with types found in its first rows.

Each later block is checked against them; where one does not fit, `Changed` sends the reader the long way, which looks
at the whole column before it decides. Both ways end in the same table.
"""

from __future__ import annotations

import math
import queue
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.schema import Layout
from core.data.values.convert import MOMENT
from core.data.values.counted import Counted
from core.data.values.recognise import of_counted, recognise
from core.data.values.stored import written

MIN_BYTES = 8 << 20
ROWS_PER_GROUP = 1 << 16
BLOCKS_PER_GROUP = 8
MOST_WORDS = 10_000  # different ones, of a column of few
FEW_WORDS = frozenset({"ordered", "list", "boolean"})
_LONGEST = 10**17  # whole numbers of more digits are names


class Changed(Exception):
    """A later block has values of another kind than the first rows."""


def plain_layouts(first: pa.RecordBatch) -> dict[str, Layout]:
    """The layouts of the first rows' columns, where the parser itself can make all of them.

    Raises
    ------
    Changed
        One needs a closer look.
    """
    found = {name: recognise(first[name], name) for name in first.schema.names}
    for name, one in found.items():
        if one.others or not (_plain(one.layout) or _days(one.layout) or _few_words(one.layout)):
            raise Changed(name)
    return {name: one.layout for name, one in found.items()}


def direct_types(first: pa.RecordBatch, layouts: dict[str, Layout]) -> dict[str, pa.DataType]:
    """The type that the parser makes of each column.

    Whole numbers come as strings: the parser takes 007 and 0x1A for numbers.
    """
    return {name: _type(first[name], layout) for name, layout in layouts.items()}


def table_schema(first: pa.RecordBatch, layouts: dict[str, Layout]) -> pa.Schema:
    """The schema of the table: as the parser makes it, but whole numbers as such."""
    fields = []
    for name, layout in layouts.items():
        kind = _type(first[name], layout)
        fields.append((name, pa.int64() if layout.kind == "number" and kind == pa.string() else kind))
    return pa.schema(fields)


def typed(batch: pa.RecordBatch, schema: pa.Schema) -> list[pa.Array]:
    """A block as the parser left it, as the table's types.

    Raises
    ------
    Changed
        A value is of another kind than those of the first rows.
    """
    return [_typed(array, field.type) for array, field in zip(batch.columns, schema, strict=True)]


def _plain(layout: Layout) -> bool:
    return layout.kind in ("number", "text") and layout.model_copy(update={"kind": "text"}) == Layout()


def _few_words(layout: Layout) -> bool:
    """Scales, lists, yes or no: their words stay as they are, but all rows decide which there are."""
    return layout.kind in FEW_WORDS and not layout.missing


def _days(layout: Layout) -> bool:
    return layout == Layout(kind="date", formats=["%Y-%m-%d"])


def _type(first: pa.Array, layout: Layout) -> pa.DataType:
    if layout.kind == "date":
        return MOMENT
    if layout.kind == "text" or layout.kind in FEW_WORDS:
        return pa.string()
    return pa.string() if _plain_integers(first.filter(pc.not_equal(first, ""))) is not None else pa.float64()


def _typed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if not pa.types.is_integer(kind):
        return _finished(array)
    numbers = _plain_integers(array)
    if numbers is None:
        raise Changed
    return _finished(numbers)


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


class Writer:
    """A Parquet file written by a thread of its own, so that parsing goes on meanwhile; few blocks wait at a time."""

    def __init__(self, path: Path, schema: pa.Schema, layouts: dict[str, Layout], words: Iterable[str]) -> None:
        self._schema, self._layouts = schema, layouts
        self._counts: dict[str, Counter[str]] = {name: Counter() for name, it in layouts.items() if _few_words(it)}
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
        if self._error is None and error[0] is None:
            self._note_layouts()
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

    def _note_layouts(self) -> None:
        """What all rows make of the columns of few words; the table is worth nothing if one is something else."""
        for name, counts in self._counts.items():
            padded = any(word != word.strip() for word in counts)
            found = of_counted(Counted(pa.array(counts, pa.string()), np.asarray(list(counts.values()))), name).layout
            if padded or len(counts) > MOST_WORDS or not (_few_words(found) or _plain(found)):
                self._error = Changed(name)
                return
            self._layouts[name] = found
        self._writer.add_key_value_metadata(written(self._layouts))

    def _count(self, batch: pa.RecordBatch) -> None:
        for name, counts in self._counts.items():
            for pair in pc.value_counts(batch[name].drop_null()).to_pylist():
                counts[pair["values"]] += pair["counts"]
            if len(counts) > MOST_WORDS:
                raise Changed(name)

    def _take(self, batch: pa.RecordBatch) -> None:
        self._count(batch)
        self._held.append(pa.RecordBatch.from_arrays(typed(batch, self._schema), schema=self._schema))
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
