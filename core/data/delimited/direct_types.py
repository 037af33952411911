"""What becomes of a large delimited file's columns by its first rows, and the writer of its table. `one_pass` reads it.

Each later block is checked against them; where one does not fit, `Changed` sends the reader the long way, which looks
at the whole column before it decides. Both ways end in the same table.
"""

from __future__ import annotations

import math
import queue
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.schema import Layout
from core.data.values.convert import APOSTROPHE, MOMENT
from core.data.values.counted import Counted
from core.data.values.recognise import of_counted, recognise_each
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
    found = recognise_each({name: first[name] for name in first.schema.names})
    for name, one in found.items():
        if one.others or not (_plain(one.layout) or _days(one.layout) or _few_words(one.layout)):
            raise Changed(name)
    return {name: one.layout for name, one in found.items()}


@dataclass(frozen=True)
class Plan:
    """What becomes of each column."""

    layouts: dict[str, Layout]
    parsed: dict[str, pa.DataType]  # whole numbers come as strings: the parser takes 007 and 0x1A for numbers
    table: pa.Schema
    repeating: list[str]  # columns of strings that are worth a dictionary in the file

    @classmethod
    def of(cls, first: pa.RecordBatch) -> Plan:
        """By the first rows, all of strings.

        Raises
        ------
        Changed
            A column needs a closer look.
        """
        layouts = plain_layouts(first)
        parsed = {name: _type(first[name], layout) for name, layout in layouts.items()}
        whole = {name for name, layout in layouts.items() if layout.kind == "number" and parsed[name] == pa.string()}
        table = pa.schema([(name, pa.int64() if name in whole else kind) for name, kind in parsed.items()])
        words = [name for name in first.schema.names if table.field(name).type == pa.string()]
        return cls(layouts, parsed, table, [name for name in words if _repeats(first[name])])

    def typed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A block as the parser left it, with the table's types.

        Raises
        ------
        Changed
            A value is of another kind than those of the first rows.
        """
        arrays = [_typed(array, field.type) for array, field in zip(batch.columns, self.table, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=self.table)


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
    filled = first.filter(pc.not_equal(first, ""))
    whole = all(_plain_integers(part) is not None for part in (filled.slice(0, 100), filled))
    return pa.string() if whole else pa.float64()


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
    if pa.types.is_string(array.type) and _marked_as_text(array):
        raise Changed
    if pa.types.is_integer(array.type) and _too_long(array):
        raise Changed
    if pa.types.is_floating(array.type) and not math.isfinite(pc.sum(array).as_py() or 0.0):
        return pc.if_else(pc.is_finite(array), array, pa.scalar(None, array.type))
    return array


def _marked_as_text(array: pa.Array) -> bool:
    """Whether a cell is like '01234."""
    begun = array.filter(pc.starts_with(array, "'"))
    return bool(len(begun)) and bool(pc.any(pc.match_substring_regex(begun, APOSTROPHE)).as_py())


def _too_long(array: pa.Array) -> bool:
    ends = pc.min_max(array)
    return any(end is not None and abs(end) >= _LONGEST for end in (ends["min"].as_py(), ends["max"].as_py()))


class Writer:
    """A Parquet file written by a thread of its own, so that parsing goes on meanwhile; few blocks wait at a time."""

    def __init__(self, path: Path, plan: Plan) -> None:
        self._schema, self._layouts = plan.table, dict(plan.layouts)
        self._counts: dict[str, Counter[str]] = {name: Counter() for name, it in plan.layouts.items() if _few_words(it)}
        numbers = [field.name for field in plan.table if field.type != pa.string()]
        self._writer = pq.ParquetWriter(
            path, plan.table, compression="none", use_dictionary=plan.repeating, write_statistics=numbers or False
        )  # to compress would take longer than to parse
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
        """Take a block with the table's types.

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
        self._held.append(batch)
        if len(self._held) >= BLOCKS_PER_GROUP or sum(block.num_rows for block in self._held) >= ROWS_PER_GROUP:
            self._write_held()

    def _write_held(self) -> None:
        table = pa.Table.from_batches(self._held, self._schema)
        self._held = []
        self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)


def _repeats(column: pa.Array) -> bool:
    return bool(pc.count_distinct(column).as_py() < 0.2 * len(column))
